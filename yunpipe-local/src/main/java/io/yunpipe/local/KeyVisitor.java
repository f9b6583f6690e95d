package io.yunpipe.local;

import io.yunpipe.spi.ObjectInfo;
import java.io.IOException;

/** Sees objects in the order of their keys. */
@FunctionalInterface
interface KeyVisitor {
  /** Takes an object; returns whether to go on. */
  boolean object(ObjectInfo info) throws IOException;

  /** Takes a whole shard of markers, or returns false to see them one by one. */
  default boolean shard(String shard) throws IOException {
    return false;
  }
}
