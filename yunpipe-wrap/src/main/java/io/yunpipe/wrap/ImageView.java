package io.yunpipe.wrap;

import java.util.List;

/** An image that was looked at. What was read stays in memory; layers do not. */
public interface ImageView {
  /** Returns what was looked at, such as {@code docker.io/library/ubuntu:24.04}. */
  String source();

  /** Returns the digest of the manifest, or of the index of manifests. */
  String digest();

  /** Returns what it runs on, unmodifiable; not empty. */
  List<Platform> platforms();

  /** Returns how it is run, by the manifest for this machine or, without one, the first. */
  ImageConfig config();

  /** Returns the compressed size of the layers of {@link #config}'s manifest, in bytes. */
  long bytes();

  /** Returns whether it was made by {@link Wrapper}. */
  default boolean isWrapped() {
    return config().labels().containsKey(Labels.ALGORITHM);
  }

  /**
   * Returns whether the image has a file. Reads its layers from the top until the answer is known,
   * so it may take as long as a pull.
   *
   * @param path absolute; a name without a slash is looked for in the folders of the image's PATH
   * @throws io.yunpipe.BackendException if a layer cannot be read
   */
  boolean has(String path);
}
