package io.yunpipe.config;

import io.yunpipe.Algorithm;

/**
 * An algorithm and what its file says beyond it. Immutable.
 *
 * @param algorithm the algorithm
 * @param system the system that its image is built on, such as {@code ubuntu}; recorded only
 * @param minimalMemoryMib memory in MiB that it cannot do without; 0 means not stated
 * @param about what is told to others
 */
public record Description(Algorithm algorithm, String system, long minimalMemoryMib, About about) {
  /** Checks the memory. */
  public Description {
    if (minimalMemoryMib < 0) {
      throw new IllegalArgumentException(
          "minimalMemoryMib must not be negative, but was " + minimalMemoryMib);
    }
  }

  /** Creates a description that tells others nothing. */
  public Description(Algorithm algorithm, String system, long minimalMemoryMib) {
    this(algorithm, system, minimalMemoryMib, About.NOTHING);
  }

  /** Returns a description that says nothing more than the algorithm. */
  public static Description of(Algorithm algorithm) {
    return new Description(algorithm, "", algorithm.resources().memoryMib());
  }

  /** Returns the same with another image. */
  public Description withImage(String image) {
    return new Description(
        algorithm.toBuilder().image(image).build(), system, minimalMemoryMib, about);
  }

  /** Returns the same, told otherwise. */
  public Description withAbout(About newAbout) {
    return new Description(algorithm, system, minimalMemoryMib, newAbout);
  }
}
