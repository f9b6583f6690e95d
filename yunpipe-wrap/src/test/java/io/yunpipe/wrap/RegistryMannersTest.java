package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What registries may do and ours of the tests does not. */
class RegistryMannersTest {
  private static final String TOKEN = "a.token";

  @TempDir static Path folder;

  private static TestRegistry registry;

  @TempDir Path home;

  @BeforeAll
  static void start() {
    registry = TestRegistry.start(folder.resolve("registry"));
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private static String base(String name) {
    String source = registry.image(name);
    TestImage.oci().layer(TestLayer.glibc()).writeTo(Wraps.target(source));
    return source;
  }

  private Logins logins(String host) throws IOException {
    String pair = TestRegistry.USER + ":" + TestRegistry.PASSWORD;
    String auth = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    Path file = home.resolve("config.json");
    Files.writeString(file, "{\"auths\":{\"" + host + "\":{\"auth\":\"" + auth + "\"}}}");
    return new Logins(List.of(), List.of(file));
  }

  private static String here(HttpExchange exchange) {
    return "http://127.0.0.1:" + exchange.getLocalAddress().getPort();
  }

  @Test
  void pushes_thatAreSentElsewhere_followWithTheirContents() throws IOException {
    String base = base("base/moved:1");
    try (FrontServer front =
        new FrontServer(
            registry.port(),
            (exchange, uri) -> {
              boolean push = List.of("POST", "PUT").contains(exchange.getRequestMethod());
              if (!push || uri.contains("moved=1")) {
                return uri;
              }
              String to = uri + (uri.contains("?") ? "&" : "?") + "moved=1";
              exchange.getResponseHeaders().add("Location", here(exchange) + to);
              return FrontServer.status(
                  exchange, exchange.getRequestMethod().equals("POST") ? 307 : 308);
            })) {
      String target = front.host() + "/wrapped/moved:1";
      Wrapped wrapped = Wraps.wrapper(base.replace(registry.host(), front.host())).to(target);

      assertThat(front.asked).anyMatch(it -> it.startsWith("PUT") && it.contains("moved=1"));
      assertThat(Images.look(registry.image("wrapped/moved:1")).digest())
          .isEqualTo(wrapped.digest());
    }
  }

  @Test
  void push_thatIsSentElsewhereInOldWords_isRefused() throws IOException {
    String base = base("base/old:1");
    try (FrontServer front =
        new FrontServer(
            registry.port(),
            (exchange, uri) -> {
              if (!exchange.getRequestMethod().equals("POST")) {
                return uri;
              }
              exchange.getResponseHeaders().add("Location", here(exchange) + "/elsewhere");
              return FrontServer.status(exchange, 302);
            })) {
      assertThatThrownBy(() -> Wraps.wrapper(base).to(front.host() + "/wrapped/old:1"))
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("Could not push blob sha256:")
          .hasMessageContaining(": HTTP 302 from " + front.host());
      assertThat(front.asked).noneMatch(it -> it.contains("elsewhere"));
    }
  }

  /** A registry need not mount, and may have forgotten the blob there: then it begins an upload. */
  @Test
  void mount_thatIsNotMade_isReplacedByAPush() throws IOException {
    String base = base("base/unmounted:1");
    try (FrontServer front =
        new FrontServer(registry.port(), (exchange, uri) -> uri.replaceFirst("\\?mount=.*", ""))) {
      String through = base.replace(registry.host(), front.host());
      Wrapped wrapped = Wraps.wrapper(through).to(front.host() + "/wrapped/unmounted:1");

      assertThat(front.asked)
          .anyMatch(it -> it.contains("?mount=sha256:"))
          .anyMatch(it -> it.startsWith("DELETE /v2/wrapped/unmounted/blobs/uploads/"));
      ImageView view = Images.look(registry.image("wrapped/unmounted:1"));
      assertThat(view.digest()).isEqualTo(wrapped.digest());
      assertThat(view.has("/usr/bin/tool")).as("a layer of the base").isTrue();
    }
  }

  @Test
  void tag_whoseDigestIsNotTold_isStillNotMoved() throws IOException {
    String base = base("base/silent:1");
    try (FrontServer front =
        new FrontServer(
            registry.port(),
            (exchange, uri) ->
                exchange.getRequestMethod().equals("HEAD") && uri.contains("/manifests/1")
                    ? FrontServer.status(exchange, 200)
                    : uri)) {
      assertThatThrownBy(() -> Wraps.wrapper(base).to(front.host() + "/base/silent:1"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("this tag is another image there (sha256:");
      assertThat(Images.isTaken(ImageReference.parse(front.host() + "/base/silent:1"))).isTrue();
    }
  }

  /** Some registries let nobody read what is not there, but everybody who may push make it. */
  @Test
  void tag_ofARepositoryToBeMade_isFreeForWhoMayPush() throws IOException {
    try (FrontServer front =
        new FrontServer(
            0,
            (exchange, uri) ->
                FrontServer.status(
                    exchange, exchange.getRequestMethod().equals("HEAD") ? 404 : 403))) {
      String image = front.host() + "/new/one:1";
      assertThat(Images.isTaken(ImageReference.parse(image))).isFalse();
      assertThatThrownBy(() -> Images.find(image)).hasMessageContaining("HTTP 403");
    }
  }

  @Test
  void tag_thatNobodyMayAskFor_isNotTakenForFree() throws IOException {
    try (FrontServer front =
        new FrontServer(0, (exchange, uri) -> FrontServer.status(exchange, 405))) {
      assertThatThrownBy(() -> Images.isTaken(ImageReference.parse(front.host() + "/a/b:1")))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("HTTP 405");
    }
  }

  @Test
  void registry_thatTakesTokensOrPasswords_getsAToken() throws IOException {
    for (boolean inOneHeader : List.of(true, false)) {
      try (FrontServer front =
          new FrontServer(
              registry.port(),
              (exchange, uri) -> {
                String sent = exchange.getRequestHeaders().getFirst("Authorization");
                if (uri.startsWith("/token")) {
                  byte[] body = ("{\"token\":\"" + TOKEN + "\"}").getBytes(StandardCharsets.UTF_8);
                  exchange.sendResponseHeaders(200, body.length);
                  exchange.getResponseBody().write(body);
                  return null;
                }
                if (("Bearer " + TOKEN).equals(sent)) {
                  return uri;
                }
                String bearer = "Bearer realm=\"" + here(exchange) + "/token\",service=\"s\"";
                String basic = "Basic realm=\"r\"";
                var headers = exchange.getResponseHeaders();
                (inOneHeader ? List.of(bearer + ", " + basic) : List.of(bearer, basic))
                    .forEach(it -> headers.add("WWW-Authenticate", it));
                return FrontServer.status(exchange, 401);
              })) {
        base("base/both:1");
        Sources sources = new Sources(logins(front.host()));
        Source image = Source.of(front.host() + "/base/both:1");

        assertThat(DefaultImageView.of(sources.open(image))).isPresent();
        assertThat(front.asked).filteredOn(it -> it.startsWith("GET /token")).hasSize(1);
      }
    }
  }

  /**
   * An upload may take longer than a token lives, so an old token is replaced; but not for ever.
   */
  @Test
  void registry_thatTakesNoTokenAtAll_isAskedAFewTimesOnly() throws IOException {
    try (FrontServer front =
        new FrontServer(
            0,
            (exchange, uri) -> {
              if (uri.startsWith("/token")) {
                byte[] body = ("{\"token\":\"" + TOKEN + "\"}").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                return null;
              }
              exchange
                  .getResponseHeaders()
                  .add("WWW-Authenticate", "Bearer realm=\"" + here(exchange) + "/token\"");
              return FrontServer.status(exchange, 401);
            })) {
      AtomicLong now = new AtomicLong();
      Authorizer slow =
          new Authorizer(
              front.host(),
              logins(front.host()),
              () -> now.addAndGet(Duration.ofMinutes(1).toNanos()));
      Repository repository =
          new Repository(new Registry(front.host(), slow, new Traffic()), "a/b");

      assertThatThrownBy(() -> repository.manifest("1"))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("HTTP 401");
      assertThat(front.asked).filteredOn(it -> it.contains("/manifests/1")).hasSize(3);
    }
  }
}
