package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one registry: signs in, follows redirections, tries again what may help. Thread-safe.
 *
 * <p>TLS always, but for registries on this machine that speak without it.
 */
final class Registry {
  private static final Logger logger = LoggerFactory.getLogger(Registry.class);

  private static final String HUB_HOST = "registry-1.docker.io";
  private static final int ATTEMPTS = 3;
  private static final int REDIRECTIONS = 5;

  /** The first token, and a second one if that ends meanwhile. */
  private static final int ANSWERS = 2;

  private static final long PAUSE_MILLIS = 300;

  private final String name;
  private final Authorizer authorizer;
  private final Traffic traffic;
  private @Nullable URI root;

  /**
   * One request.
   *
   * @param what is attempted, for messages, as in "push blob sha256:…"
   * @param scope what a token must allow
   */
  record Ask(
      String what,
      String method,
      URI uri,
      String scope,
      Map<String, String> headers,
      @Nullable Body body,
      LongConsumer progress) {
    Ask(String what, String method, URI uri, String scope) {
      this(what, method, uri, scope, Map.of(), null, n -> {});
    }

    Ask at(URI other) {
      return new Ask(what, method, other, scope, headers, body, progress);
    }
  }

  Registry(String name, Logins logins, Traffic traffic) {
    this(name, new Authorizer(name, logins, System::nanoTime), traffic);
  }

  Registry(String name, Authorizer authorizer, Traffic traffic) {
    this.name = name;
    this.authorizer = authorizer;
    this.traffic = traffic;
  }

  String name() {
    return name;
  }

  Traffic traffic() {
    return traffic;
  }

  /** Returns the address of something in a repository. */
  URI uri(String repository, String rest) {
    return root("reach " + repository).resolve("/v2/" + repository + "/" + rest);
  }

  private synchronized URI root(String what) {
    if (root == null) {
      String host = name.equals(ImageReference.HUB) ? HUB_HOST : name;
      root =
          URI.create((Http.loopback(host) && plain(host, what) ? "http" : "https") + "://" + host);
    }
    return root;
  }

  /** Returns whether a registry on this machine speaks without TLS; tells it nothing. */
  private boolean plain(String host, String what) {
    try (Reply reply =
        Http.send("GET", URI.create("http://" + host + "/v2/"), Map.of(), null, n -> {})) {
      return reply.status() != 400;
    } catch (ConnectException e) {
      throw Http.unreachable(what, name, e);
    } catch (IOException e) {
      return false;
    }
  }

  /** Does something that may be done again, until it succeeds or cannot. */
  <T> T trying(Supplier<T> action) {
    for (int attempt = 1; ; attempt++) {
      try {
        return action.get();
      } catch (BackendException e) {
        if (!e.retryable() || attempt == ATTEMPTS || e.getCause() instanceof ConnectException) {
          throw e;
        }
        logger.debug("Tried again: registry={} attempt={} {}", name, attempt, e.getMessage());
        pause(PAUSE_MILLIS << (2 * (attempt - 1)));
      }
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException("Interrupted while waiting to try again", true, e);
    }
  }

  /**
   * Sends a request, signed in as wanted.
   *
   * @return any answer but those that mean that nobody may do this
   * @throws BackendException if it is refused for want of rights, or the registry cannot be reached
   */
  Reply send(Ask ask) {
    try {
      for (int answers = 0; ; answers++) {
        Reply reply = redirected(ask);
        // Where a registry sends for a blob is not asked who may sign in, nor told the password.
        if (reply.status() == 401
            && answers < ANSWERS
            && own(reply.uri())
            && mayAnswer(ask, reply)) {
          reply.close();
          continue;
        }
        if (reply.status() == 401
            || reply.status() == 403
            || reply.status() == 429
            || reply.status() >= 500) {
          throw refused(ask, reply);
        }
        return reply;
      }
    } catch (IOException e) {
      throw Http.unreachable(ask.what(), name, e);
    }
  }

  private boolean mayAnswer(Ask ask, Reply reply) {
    return Challenge.best(reply.headers("WWW-Authenticate"))
        .map(challenge -> authorizer.answer(challenge, ask.scope(), ask.what()))
        .orElse(false);
  }

  /** Returns the error that says what was refused, and ends the answer. */
  BackendException refused(Ask ask, Reply reply) {
    try (reply) {
      return RegistryErrors.of(ask.what(), name, reply, authorizer.signsIn());
    }
  }

  /** Credentials go to the registry only, not where it sends for a blob. */
  private Reply redirected(Ask ask) throws IOException {
    URI uri = ask.uri();
    for (int hop = 0; ; hop++) {
      Map<String, String> headers = new HashMap<>(ask.headers());
      if (own(uri)) {
        authorizer.header(ask.scope()).ifPresent(it -> headers.put("Authorization", it));
      }
      Reply reply = Http.send(ask.method(), uri, headers, ask.body(), counted(ask));
      if (!elsewhere(reply.status(), ask.body() != null)) {
        return reply;
      }
      try (reply) {
        if (hop == REDIRECTIONS) {
          throw new IOException("more than " + REDIRECTIONS + " redirections");
        }
        uri = location(ask.what(), reply);
      }
    }
  }

  /** What is sent is sent again only to where it is said to be wanted unchanged. */
  private static boolean elsewhere(int status, boolean sends) {
    return switch (status) {
      case 307, 308 -> true;
      case 301, 302, 303 -> !sends;
      default -> false;
    };
  }

  private LongConsumer counted(Ask ask) {
    return n -> {
      traffic.sent(n);
      ask.progress().accept(n);
    };
  }

  private boolean own(URI uri) {
    URI mine = root("reach it");
    return mine.getScheme().equals(uri.getScheme())
        && mine.getAuthority().equalsIgnoreCase(String.valueOf(uri.getAuthority()));
  }

  /** Returns where an answer points to; never from TLS to a wire without. */
  URI location(String what, Reply reply) {
    String text = reply.header("Location").orElse("");
    try {
      URI to = reply.uri().resolve(URI.create(text));
      boolean safe = "https".equals(to.getScheme()) || own(to);
      if (!text.isEmpty() && safe && to.getHost() != null && to.getUserInfo() == null) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new BackendException(
        "Could not "
            + what
            + ": the registry "
            + name
            + " sends elsewhere, to '"
            + Said.shortened(text)
            + "', which cannot be followed safely",
        null);
  }
}
