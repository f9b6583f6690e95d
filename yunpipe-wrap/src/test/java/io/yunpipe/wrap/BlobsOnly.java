package io.yunpipe.wrap;

import java.util.Optional;

/** An image of which only blobs are asked for. */
abstract class BlobsOnly implements ImageSource {
  @Override
  public String name() {
    return "test";
  }

  @Override
  public Optional<Document> top() {
    return Optional.empty();
  }

  @Override
  public Document manifest(Descriptor manifest) {
    throw new IllegalStateException("not asked for");
  }
}
