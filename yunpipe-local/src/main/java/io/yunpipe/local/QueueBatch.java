package io.yunpipe.local;

import io.yunpipe.spi.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The messages that one call is going to receive. */
final class QueueBatch {
  /** Bodies of this many bytes are enough for one call, whatever the number asked for. */
  private static final int MAX_BYTES = 4 << 20;

  private final int max;
  private final List<Long> positions = new ArrayList<>();
  private final List<byte[]> bodies = new ArrayList<>();
  private int bytes;
  private int fresh;

  QueueBatch(int max) {
    this.max = max;
  }

  void add(long position, byte[] body) {
    positions.add(position);
    bodies.add(body);
    bytes += body.length;
  }

  /** Adds a message that was never delivered before. */
  void addFresh(long position, byte[] body) {
    add(position, body);
    fresh++;
  }

  void clear() {
    positions.clear();
    bodies.clear();
    bytes = 0;
    fresh = 0;
  }

  boolean isFull() {
    return positions.size() >= max || bytes >= MAX_BYTES;
  }

  boolean isEmpty() {
    return positions.isEmpty();
  }

  /** Returns how many were never delivered before. */
  int fresh() {
    return fresh;
  }

  long[] positions() {
    return toArray(positions);
  }

  /** Returns the messages as the state knows them, once they are leased. */
  List<Message> messages(QueueState state, Receipts receipts) {
    List<Message> messages = new ArrayList<>(positions.size());
    for (int i = 0; i < positions.size(); i++) {
      long position = positions.get(i);
      QueueState.Entry entry = Objects.requireNonNull(state.find(position));
      messages.add(receipts.message(position, entry.receives, bodies.get(i)));
    }
    return messages;
  }

  static long[] toArray(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }
}
