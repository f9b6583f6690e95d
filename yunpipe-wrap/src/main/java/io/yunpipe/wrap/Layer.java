package io.yunpipe.wrap;

/**
 * The layer that is added.
 *
 * @param body its contents, gzipped
 * @param digest of the contents
 * @param diffId digest of the tar inside
 * @param glibc the least version of glibc that it needs, as 34 for 2.34
 */
record Layer(Body body, String digest, String diffId, int glibc) {
  Descriptor descriptor(String manifestType) {
    return new Descriptor(MediaTypes.layerOf(manifestType), digest, size());
  }

  /** Returns the bytes of its contents. */
  long size() {
    return body.size();
  }
}
