package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.yunpipe.BackendException;
import io.yunpipe.spi.RegistryAccess;
import io.yunpipe.spi.RegistryAccess.Login;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries that want to know who asks. */
class SignInTest {
  @TempDir Path folder;

  private Logins logins(String host, String password) throws IOException {
    String pair = TestRegistry.USER + ":" + password;
    String auth = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{\"auths\":{\"" + host + "\":{\"auth\":\"" + auth + "\"}}}");
    return new Logins(List.of(), List.of(file));
  }

  private static void push(Logins logins, String image) {
    TestImage.oci()
        .layer(TestLayer.glibc())
        .writeTo(new Sources(logins).target(Source.of(image), "test:1", WrapListener.none()));
  }

  private static Optional<DefaultImageView> find(Logins logins, String image) {
    return DefaultImageView.of(new Sources(logins).open(Source.of(image)));
  }

  @Test
  void registry_withAPassword_letsInWhoKnowsIt() throws IOException {
    try (TestRegistry registry = TestRegistry.withPassword(folder.resolve("registry"))) {
      Logins logins = logins(registry.host(), TestRegistry.PASSWORD);
      push(logins, registry.image("a/b:1"));

      assertThat(find(logins, registry.image("a/b:1"))).isPresent();
    }
  }

  @Test
  void password_thatIsWrong_isSaidWithoutIt() throws IOException {
    try (TestRegistry registry = TestRegistry.withPassword(folder.resolve("registry"))) {
      Logins logins = logins(registry.host(), "a guess");

      assertThatThrownBy(() -> push(logins, registry.image("a/b:1")))
          .isInstanceOf(BackendException.class)
          .hasMessage(
              "Could not look for image "
                  + registry.image("a/b:1")
                  + ": HTTP 401 from "
                  + registry.host()
                  + ". The registry does not know this name or password. Sign in with an account"
                  + " that may do this: docker login "
                  + registry.host());
      assertThatThrownBy(() -> find(new Logins(List.of(), List.of()), registry.image("a/b:1")))
          .isInstanceOf(BackendException.class)
          .hasMessage(
              "Could not read image "
                  + registry.image("a/b:1")
                  + ": HTTP 401 (UNAUTHORIZED: authentication required) from "
                  + registry.host()
                  + ". Sign in with an account that may do this: docker login "
                  + registry.host());
    }
  }

  @Test
  void helper_ofDocker_isAsked() throws IOException {
    try (TestRegistry registry = TestRegistry.withPassword(folder.resolve("registry"))) {
      Path file =
          Files.writeString(folder.resolve("config.json"), "{\"credsStore\":\"yunpipetest\"}");
      Logins logins = new Logins(List.of(), List.of(file));
      push(logins, registry.image("a/b:1"));

      assertThat(find(logins, registry.image("a/b:1"))).isPresent();
      assertThat(logins.login("registry.example.org")).isEmpty();
    }
  }

  @Test
  void file_thatIsDamaged_isNamedAndNotShown() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("config.json"), "{\"auths\":{\"r.example.org\":{\"auth\":\"c2VjcmV0");

    assertThatThrownBy(() -> new Logins(List.of(), List.of(file)).login("r.example.org"))
        .isInstanceOf(BackendException.class)
        .hasMessageEndingWith("Put the file in order, or sign in anew: docker login r.example.org")
        .hasMessageNotContaining("c2VjcmV0")
        .hasNoCause();
  }

  @Test
  void files_ofDockerAndPodman_areReadInOrder() {
    Logins logins =
        Logins.ofUser(Map.of("DOCKER_CONFIG", folder.toString()), folder.resolve("home"));

    assertThat(logins.login("nowhere.example.org")).isEmpty();
  }

  @Test
  void service_ofARegistry_isAskedFirstAndMakesRepositories() throws IOException {
    try (TestRegistry registry = TestRegistry.withPassword(folder.resolve("registry"))) {
      List<String> made = new ArrayList<>();
      RegistryAccess service =
          new RegistryAccess() {
            @Override
            public boolean serves(String host) {
              return host.equals(registry.host());
            }

            @Override
            public Optional<Login> login(String host) {
              return Optional.of(new Login(TestRegistry.USER, TestRegistry.PASSWORD));
            }

            @Override
            public boolean prepare(String host, String repository) {
              return made.add(repository);
            }
          };
      Logins logins = new Logins(List.of(service), List.of());

      push(logins, registry.image("a/b:1"));

      assertThat(made).containsExactly("a/b");
      assertThat(service.login("").orElseThrow()).hasToString("Login[ada]");
    }
  }

  @Test
  void registry_withTokens_isAskedForEachRepository() throws IOException, GeneralSecurityException {
    Certificate certificate = Certificate.make(folder);
    try (TokenServer tokens = new TokenServer(certificate);
        TestRegistry registry =
            TestRegistry.start(
                folder.resolve("registry"),
                Map.of(
                    "REGISTRY_AUTH_TOKEN_REALM",
                    tokens.realm(),
                    "REGISTRY_AUTH_TOKEN_SERVICE",
                    TokenServer.SERVICE,
                    "REGISTRY_AUTH_TOKEN_ISSUER",
                    TokenServer.ISSUER,
                    "REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE",
                    certificate.certificateFile().toString()))) {
      Logins known = logins(registry.host(), TestRegistry.PASSWORD);
      push(known, registry.image("a/b:1"));

      assertThat(find(new Logins(List.of(), List.of()), registry.image("a/b:1")))
          .as("anybody may pull")
          .isPresent();
      Sources sources = new Sources(known);
      Wrapping.Order order =
          new Wrapping.Order(
              "cells", "", null, null, Runner.of(Wraps.runner()), Map.of(), WrapListener.none());
      new Wrapping(
              order,
              sources.open(Source.of(registry.image("a/b:1"))),
              sources.target(Source.of(registry.image("c/d:1")), "c:1", WrapListener.none()),
              Wraps.layers())
          .run();
      assertThat(tokens.asked)
          .anyMatch(
              query ->
                  query.contains("scope=repository%3Ac%2Fd%3Apull%2Cpush")
                      && query.contains("scope=repository%3Aa%2Fb%3Apull"));
      assertThatThrownBy(() -> push(new Logins(List.of(), List.of()), registry.image("e/f:1")))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("HTTP 401")
          .hasMessageContaining("docker login " + registry.host());
      assertThatThrownBy(() -> push(logins(registry.host(), "a guess"), registry.image("e/f:1")))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(
              "gives no token for the registry "
                  + registry.host()
                  + " to 'ada' (HTTP 401). Sign in");
    }
  }

  @Test
  void registry_withTls_isBelievedOnlyWithItsCertificate()
      throws IOException, GeneralSecurityException {
    Certificate certificate = Certificate.make(folder);
    Map<String, String> tls =
        Map.of(
            "REGISTRY_HTTP_TLS_CERTIFICATE",
            certificate.certificateFile().toString(),
            "REGISTRY_HTTP_TLS_KEY",
            certificate.keyFile().toString());
    Logins nobody = new Logins(List.of(), List.of());
    SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
    try (TestRegistry registry = TestRegistry.start(folder.resolve("registry"), tls)) {
      assertThatThrownBy(() -> push(nobody, registry.image("a/b:1")))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("SSLHandshakeException")
          .hasMessageContaining("import that into Java's trust store");
      HttpsURLConnection.setDefaultSSLSocketFactory(certificate.trusting().getSocketFactory());
      push(nobody, registry.image("a/b:1"));

      assertThat(find(nobody, registry.image("a/b:1"))).isPresent();
    } finally {
      HttpsURLConnection.setDefaultSSLSocketFactory(before);
    }
  }

  /** A registry sends for blobs to other servers, which must not learn who asks. */
  @Test
  void serverThatIsSentTo_doesNotLearnThePassword() throws IOException, GeneralSecurityException {
    Certificate certificate = Certificate.make(folder);
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpsServer other = HttpsServer.create(loopback(), 0);
    other.setHttpsConfigurator(new HttpsConfigurator(certificate.serving()));
    String elsewhere = "https://127.0.0.1:" + other.getAddress().getPort();
    other.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestURI().getPath()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          exchange
              .getResponseHeaders()
              .add("WWW-Authenticate", "Bearer realm=\"" + elsewhere + "/token\"");
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    HttpServer registry = HttpServer.create(loopback(), 0);
    registry.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Location", elsewhere + "/blob");
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
    other.start();
    registry.start();
    SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
    HttpsURLConnection.setDefaultSSLSocketFactory(certificate.trusting().getSocketFactory());
    try {
      String host = "127.0.0.1:" + registry.getAddress().getPort();
      assertThatThrownBy(() -> find(logins(host, TestRegistry.PASSWORD), host + "/a/b:1"))
          .isInstanceOf(BackendException.class);
      assertThat(asked).containsOnly("/blob null");
    } finally {
      HttpsURLConnection.setDefaultSSLSocketFactory(before);
      registry.stop(0);
      other.stop(0);
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
