package io.yunpipe.local;

import io.yunpipe.spi.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The names that messages and deliveries have outside: {@code <queue>-<position>.<receives>}. The
 * queue's own number keeps what was received from an earlier queue in the same folder apart.
 */
final class Receipts {
  private static final int RADIX = 36;

  /** A delivery of a message. */
  record Delivery(long position, int receives) {}

  private final String prefix;

  Receipts(long tag) {
    prefix = Long.toString(tag, RADIX) + "-";
  }

  Message message(long position, int receives, byte[] body) {
    String id = prefix + Long.toString(position, RADIX);
    return new Message(id, new String(body, StandardCharsets.UTF_8), id + "." + receives, receives);
  }

  /** Returns what the messages name; those of another queue are left out. */
  List<Delivery> deliveries(Collection<Message> messages) {
    List<Delivery> deliveries = new ArrayList<>(messages.size());
    for (Message message : messages) {
      String receipt = message.receipt();
      int dot = receipt.lastIndexOf('.');
      if (receipt.startsWith(prefix) && dot > prefix.length()) {
        deliveries.add(
            new Delivery(
                Long.parseLong(receipt, prefix.length(), dot, RADIX),
                Integer.parseInt(receipt, dot + 1, receipt.length(), 10)));
      }
    }
    return deliveries;
  }
}
