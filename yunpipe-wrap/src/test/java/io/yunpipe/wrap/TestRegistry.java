package io.yunpipe.wrap;

import io.yunpipe.testkit.emulator.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A registry, and what tests do with it. */
final class TestRegistry implements AutoCloseable {
  /** Who may use one that asks, and how htpasswd writes the password. */
  static final String USER = "ada";

  static final String PASSWORD = "correct horse";
  private static final String ENTRY =
      "ada:$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2\n";

  private final Registry registry;
  private final Path folder;

  private TestRegistry(Registry registry, Path folder) {
    this.registry = registry;
    this.folder = folder;
  }

  static TestRegistry start(Path folder) {
    return start(folder, Map.of());
  }

  static TestRegistry withPassword(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path passwords = Files.writeString(folder.resolve("htpasswd"), ENTRY);
    return start(
        folder,
        Map.of(
            "REGISTRY_AUTH_HTPASSWD_REALM",
            "test",
            "REGISTRY_AUTH_HTPASSWD_PATH",
            passwords.toString()));
  }

  /** Starts one with more settings. */
  static TestRegistry start(Path folder, Map<String, String> settings) {
    try {
      Map<String, String> all = new HashMap<>(settings);
      all.put("REGISTRY_LOG_LEVEL", "info");
      return new TestRegistry(Registry.start(folder, all), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String host() {
    return registry.host();
  }

  int port() {
    return Integer.parseInt(host().substring(host().indexOf(':') + 1));
  }

  String image(String nameAndTag) {
    return host() + "/" + nameAndTag;
  }

  /** Returns the file that holds a blob. */
  Path blob(String digest) {
    String hex = Digest.hex(digest);
    return folder.resolve(
        "registry/docker/registry/v2/blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data");
  }

  String log() {
    return registry.log();
  }

  @Override
  public void close() {
    registry.close();
  }
}
