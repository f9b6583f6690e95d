package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import io.yunpipe.spi.RegistryAccess.Login;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Gets and keeps what a registry wants to see with each request. Thread-safe. */
final class Authorizer {
  /** Registries must let tokens live for a minute at least. */
  private static final Duration TOKEN_LIFE = Duration.ofSeconds(50);

  private final String registry;
  private final Logins logins;
  private final LongSupplier nanos;
  private final Map<String, Kept> known = new ConcurrentHashMap<>();
  private Optional<Login> login = Optional.empty();
  private boolean looked;

  /** What is sent, and since when. */
  private record Kept(String header, long nanos) {}

  /**
   * Creates it.
   *
   * @param nanos tells time, as {@link System#nanoTime}
   */
  Authorizer(String registry, Logins logins, LongSupplier nanos) {
    this.registry = registry;
    this.logins = logins;
    this.nanos = nanos;
  }

  /** Returns the header for a scope, if one is known. */
  Optional<String> header(String scope) {
    return Optional.ofNullable(known.get(scope)).map(Kept::header);
  }

  /** Returns whether somebody signs in. */
  boolean signsIn() {
    return login().isPresent();
  }

  private synchronized Optional<Login> login() {
    if (!looked) {
      login = logins.login(registry);
      looked = true;
    }
    return login;
  }

  /**
   * Answers a challenge.
   *
   * @param what is attempted, for messages
   * @return whether there is anything new to try
   */
  boolean answer(Challenge challenge, String scope, String what) {
    @Nullable Kept before = known.get(scope);
    if (challenge.scheme().equals("basic")) {
      Optional<Login> who = login();
      if (before != null || who.isEmpty()) {
        return false;
      }
      keep(scope, basic(who.get()));
      return true;
    }
    // A token that is refused while it is new lacks rights; one that is old has ended.
    boolean refusedAtOnce =
        before != null && nanos.getAsLong() - before.nanos() < TOKEN_LIFE.toNanos();
    if (refusedAtOnce || !challenge.scheme().equals("bearer")) {
      return false;
    }
    keep(scope, "Bearer " + token(challenge, scope, what));
    return true;
  }

  private void keep(String scope, String header) {
    known.put(scope, new Kept(header, nanos.getAsLong()));
  }

  private static String basic(Login who) {
    String pair = who.user() + ":" + who.secret();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private String token(Challenge challenge, String scope, String what) {
    URI realm = realm(challenge, what);
    Optional<Login> who = login();
    try (Reply reply = ask(realm, challenge.parameter("service"), scope, who)) {
      if (!reply.good()) {
        throw new BackendException(
            "Could not "
                + what
                + ": "
                + realm.getAuthority()
                + " gives no token for the registry "
                + registry
                + who.map(it -> " to '" + it.user() + "'").orElse(" to a nameless user")
                + " (HTTP "
                + reply.status()
                + "). "
                + (reply.status() >= 500 ? "Try again later" : RegistryErrors.signIn(registry)),
            reply.status() >= 500,
            null);
      }
      ObjectNode answer =
          Documents.object(Documents.read(reply.body(), "a token"), "a token of " + realm);
      String token = answer.path("token").asText(answer.path("access_token").asText());
      if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
        throw new BackendException(
            "Could not " + what + ": the answer of " + realm.getAuthority() + " has no token",
            null);
      }
      return token;
    } catch (IOException e) {
      throw Http.unreachable(what, realm.getAuthority(), e);
    }
  }

  private static Reply ask(URI realm, String service, String scope, Optional<Login> who)
      throws IOException {
    if (who.isPresent() && who.get().user().equals(Logins.TOKEN_USER)) {
      String form =
          "grant_type=refresh_token&client_id=yunpipe&service="
              + encoded(service)
              + "&scope="
              + encoded(scope)
              + "&refresh_token="
              + encoded(who.get().secret());
      return Http.send(
          "POST",
          realm,
          Map.of("Content-Type", "application/x-www-form-urlencoded"),
          Body.of(form.getBytes(StandardCharsets.US_ASCII)),
          n -> {});
    }
    StringBuilder query = new StringBuilder(realm.getRawQuery() == null ? "?" : "&");
    query.append("service=").append(encoded(service));
    for (String one : scope.split(" ", -1)) {
      query.append("&scope=").append(encoded(one));
    }
    Map<String, String> headers =
        who.isPresent() ? Map.of("Authorization", basic(who.get())) : Map.of();
    return Http.send("GET", URI.create(realm.toString() + query), headers, null, n -> {});
  }

  /** A password goes over TLS, or stays on this machine. */
  private URI realm(Challenge challenge, String what) {
    String text = challenge.parameter("realm");
    try {
      URI realm = URI.create(text);
      String host = String.valueOf(realm.getAuthority());
      boolean allowed =
          "https".equals(realm.getScheme())
              || ("http".equals(realm.getScheme())
                  && Http.loopback(host)
                  && Http.loopback(registry));
      if (allowed && realm.getUserInfo() == null && realm.getHost() != null) {
        return realm;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new BackendException(
        "Could not "
            + what
            + ": the registry "
            + registry
            + " sends for a token to '"
            + Said.shortened(text)
            + "', which is no address with TLS",
        null);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
