package io.yunpipe.wrap;

import java.util.List;

/**
 * A wrapped image.
 *
 * @param image where it was written, such as {@code registry.example.org/lab/cells:1.0} or {@code
 *     oci:folder:1.0}
 * @param digest of its manifest, or of the index of its manifests, such as {@code sha256:…}
 * @param platforms what it runs on, unmodifiable
 * @param base the image that was wrapped, with its digest
 * @param layerBytes size of the added layer, compressed; of the first platform's if there are
 *     several
 * @param bytesSent bytes of blobs and manifests sent to a registry or an engine
 * @param bytesReceived bytes of blobs and manifests read from a registry or an engine
 */
public record Wrapped(
    String image,
    String digest,
    List<Platform> platforms,
    String base,
    long layerBytes,
    long bytesSent,
    long bytesReceived) {
  /** Copies the list. */
  public Wrapped {
    platforms = List.copyOf(platforms);
  }

  /**
   * Returns the image with its digest instead of its tag, as a run should name it; the same as
   * {@link #image} where it is not in a registry.
   */
  public String pinned() {
    return Source.of(image) instanceof Source.Registry registry
        ? registry.image().pinned(digest).toString()
        : image;
  }
}
