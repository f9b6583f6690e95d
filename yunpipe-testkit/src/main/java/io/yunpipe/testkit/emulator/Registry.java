package io.yunpipe.testkit.emulator;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A registry of images on loopback, which lets everybody in unless told otherwise; killed when
 * closed.
 */
public final class Registry implements AutoCloseable {
  private final Child server;
  private final String host;

  private Registry(Child server, String host) {
    this.server = server;
    this.host = host;
  }

  /** Starts it; skips the test where it is not installed. */
  public static Registry start(Path folder) throws IOException {
    return start(folder, Map.of());
  }

  /**
   * Starts it; skips the test where it is not installed.
   *
   * @param settings more of them, as variables such as {@code REGISTRY_AUTH_HTPASSWD_PATH}
   */
  public static Registry start(Path folder, Map<String, String> settings) throws IOException {
    Files.createDirectories(folder);
    Path program =
        Needs.program(
            "registry",
            "YUNPIPE_TEST_REGISTRY",
            "docker-registry",
            "apt-get install docker-registry");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String host = "127.0.0.1:" + port;
    Path file =
        Files.writeString(
            folder.resolve("registry.yml"),
            """
            version: 0.1
            log: {level: error}
            storage:
              filesystem: {rootdirectory: %s}
              delete: {enabled: true}
            http: {addr: "%s"}
            """
                .formatted(folder.resolve("registry"), host));
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("OTEL_TRACES_EXPORTER", "none");
    Child server =
        Child.start(
            folder.resolve("registry.log"),
            environment,
            List.of(program.toString(), "serve", file.toString()));
    Registry registry = new Registry(server, host);
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!registry.answers()) {
      if (!server.alive() || System.nanoTime() - limit > 0) {
        throw new IllegalStateException("the registry does not answer: " + server.text());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    return registry;
  }

  private boolean answers() {
    try {
      HttpURLConnection call =
          (HttpURLConnection) URI.create("http://" + host + "/v2/").toURL().openConnection();
      call.setConnectTimeout(1000);
      call.setReadTimeout(5000);
      // Whatever it wants to see first, it is there.
      return call.getResponseCode() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns host and port, as names of images begin. */
  public String host() {
    return host;
  }

  /** Returns what it logged so far. */
  public String log() {
    return server.text();
  }

  @Override
  public void close() {
    server.close();
  }
}
