package io.yunpipe.wrap;

import java.nio.file.Path;

/**
 * The layer that is added.
 *
 * @param file its contents, gzipped
 * @param digest of the file
 * @param diffId digest of the tar inside
 * @param glibc the least version of glibc that it needs, as 34 for 2.34
 */
record Layer(Path file, String digest, String diffId, long size, int glibc) {
  Descriptor descriptor(String manifestType) {
    return new Descriptor(MediaTypes.layerOf(manifestType), digest, size);
  }

  Body body() {
    return Body.of(file, size);
  }
}
