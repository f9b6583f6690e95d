package io.yunpipe;

import java.util.Iterator;
import java.util.stream.Stream;

/** A stream's iterator that lets whoever has read it close the stream. */
record StreamIterator(Stream<Input> stream, Iterator<Input> iterator)
    implements Iterator<Input>, AutoCloseable {
  StreamIterator(Stream<Input> stream) {
    this(stream, stream.iterator());
  }

  @Override
  public boolean hasNext() {
    return iterator.hasNext();
  }

  @Override
  public Input next() {
    return iterator.next();
  }

  @Override
  public void close() {
    stream.close();
  }
}
