package io.yunpipe.cli;

import io.yunpipe.config.Version;
import io.yunpipe.wrap.ImageReference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where wrapped images go. */
final class WrapTargetOptions {
  private static final String HUB = "docker.io";

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER",
      description = "The account at the registry: images are named REGISTRY/USER/NAME:VERSION.")
  private @Nullable String user;

  @Option(
      names = {"-r", "--registry"},
      paramLabel = "REGISTRY",
      description =
          "The registry, such as ghcr.io or 123456789012.dkr.ecr.eu-west-1.amazonaws.com;"
              + " default Docker Hub.")
  private @Nullable String registry;

  @Option(
      names = "--to",
      paramLabel = "TARGET",
      description =
          "The whole name instead: REGISTRY/NAME:TAG, oci:FOLDER[:TAG], tar:FILE, or"
              + " engine:NAME:TAG for the docker or podman of this machine.")
  private @Nullable String whole;

  @Option(
      names = "--as",
      paramLabel = "VERSION",
      description = "Such as 3 or 1.10; default what the description says, or the next.")
  private @Nullable String version;

  /** Checks what can be checked before any algorithm is known. */
  void check(int algorithms) {
    if (whole != null && (user != null || registry != null)) {
      throw new IllegalArgumentException("--to is the whole name; leave out --user and --registry");
    }
    if (whole != null && algorithms > 1) {
      throw new IllegalArgumentException(
          "--to names one image, but there are " + algorithms + " algorithms");
    }
    version();
  }

  /** Returns the version that was asked for. */
  Optional<Version> version() {
    return Optional.ofNullable(version).map(Version::new);
  }

  /** Returns the whole name that was asked for. */
  Optional<String> whole() {
    return Optional.ofNullable(whole);
  }

  /**
   * Returns the repository of an algorithm's images.
   *
   * @param before the repository of the image that it has now, or null if that is not wrapped
   * @throws IllegalArgumentException if nothing says where to
   */
  String repository(String name, @Nullable String before) {
    if (user == null && registry == null) {
      if (before == null) {
        throw new IllegalArgumentException(
            "nothing says where the image goes: give --user, --registry, or --to");
      }
      return before;
    }
    String host = registry == null ? HUB : registry.replaceAll("/+$", "");
    String repository = host + "/" + (user == null ? "" : user + "/") + name;
    // Told now, before anything is made.
    return ImageReference.parse(repository).name();
  }
}
