package io.yunpipe.config;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One version of an algorithm in a shared catalogue; it never changes. Immutable.
 *
 * @param description the algorithm, whose image has a digest
 * @param version its version
 * @param previousVersion the version that was the newest below it, or null if it is the first
 * @param published when it was published
 * @param testFile an input to try it on, or null if there is none
 */
public record Published(
    Description description,
    Version version,
    @Nullable Version previousVersion,
    Instant published,
    @Nullable TestFile testFile) {

  /**
   * An input to try an algorithm on.
   *
   * @param name its file's name
   * @param size bytes
   * @param sha256 SHA-256 of its bytes, lower-case hex
   */
  public record TestFile(String name, long size, String sha256) {}

  /** Returns the algorithm's name. */
  public String name() {
    return description.algorithm().name();
  }

  /** Returns the image with its digest, as for {@code docker pull}. */
  public String image() {
    return description.algorithm().image().orElseThrow();
  }

  /** Returns the digest of the image, such as {@code sha256:…}. */
  public String digest() {
    return Digests.of(image()).orElseThrow();
  }

  /** Returns the version before this one; empty if there is none. */
  public Optional<Version> previous() {
    return Optional.ofNullable(previousVersion);
  }

  /** Returns the input to try it on, if there is one. */
  public Optional<TestFile> test() {
    return Optional.ofNullable(testFile);
  }
}
