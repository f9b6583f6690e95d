package io.yunpipe.wrap;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** An image that is read. */
interface ImageSource extends AutoCloseable {
  /** Returns its name, as in messages and labels. */
  String name();

  /** Reads its manifest or index; empty if there is no such image. */
  Optional<Document> top();

  /** Returns the digest by which others know it, for the label. */
  default String digest(Document top) {
    return top.digest();
  }

  /** Reads a manifest of its index. */
  Document manifest(Descriptor manifest);

  /** Opens a blob; reading to the end checks it. */
  InputStream blob(Descriptor blob) throws IOException;

  /** Returns a blob that can be read again. */
  default Body body(Descriptor blob) {
    return new Body(blob.size(), () -> blob(blob));
  }

  /** Reads a configuration. */
  default byte[] config(Descriptor config) throws IOException {
    if (config.size() > Documents.MAX_BYTES) {
      throw new IOException("it has " + config.size() + " bytes, more than " + Documents.MAX_BYTES);
    }
    try (InputStream in = blob(config)) {
      return in.readAllBytes();
    }
  }

  @Override
  default void close() {}
}
