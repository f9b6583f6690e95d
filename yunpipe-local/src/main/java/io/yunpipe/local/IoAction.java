package io.yunpipe.local;

import java.io.IOException;

/** Work that may fail on files. */
@FunctionalInterface
interface IoAction<T> {
  T run() throws IOException;
}
