package io.yunpipe.wrap;

/** Where an image is written. Nothing is to be seen there before {@link #finish}. */
interface ImageTarget extends AutoCloseable {
  /** Returns whether it holds an image for several platforms. */
  boolean takesIndex();

  /** Returns what a manifest, configuration or layer of a type is called there. */
  default String typed(String mediaType) {
    return MediaTypes.oci(mediaType);
  }

  /**
   * Begins.
   *
   * @param top what will be finished
   * @return false if it is there already, so that nothing is to be done
   */
  boolean begin(Document top);

  /** Takes a blob of the base, moving as little as possible. */
  void layer(Descriptor blob, ImageSource base);

  /** Takes a blob that was made here. */
  void blob(Descriptor blob, Body body);

  /** Takes the manifest of one platform, all of whose blobs were taken. */
  void manifest(Document manifest);

  /** Takes the manifest or index by which the image is known, and shows it. */
  void finish(Document top);

  @Override
  default void close() {}
}
