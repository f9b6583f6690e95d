package io.yunpipe.internal;

import io.yunpipe.internal.InboxBatch.Kind;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.util.List;
import java.util.function.Consumer;

/** Lists the objects of a batch, without those that only show a folder or say it is complete. */
final class InboxListing {
  private static final int PAGE = 1000;

  /** After all keys of a folder. */
  private static final String LAST = new String(Character.toChars(Character.MAX_CODE_POINT));

  private InboxListing() {}

  static void each(ObjectStore store, InboxBatch batch, Consumer<Upload> sink) {
    if (batch.kind() == Kind.FOLDER) {
      Protocol.pages(store, batch.prefix(), object -> offer(batch, object, sink));
    } else {
      direct(store, batch, sink);
    }
  }

  /** Lists what lies directly in the inbox; a folder is left at its first object. */
  private static void direct(ObjectStore store, InboxBatch batch, Consumer<Upload> sink) {
    String prefix = batch.prefix();
    String after = "";
    while (true) {
      List<ObjectInfo> page = store.list(prefix, after, PAGE);
      for (ObjectInfo object : page) {
        after = object.key();
        int slash = after.indexOf('/', prefix.length());
        if (slash >= 0) {
          after = after.substring(0, slash + 1) + LAST;
          break;
        }
        offer(batch, object, sink);
      }
      if (page.size() < PAGE && !after.endsWith(LAST)) {
        return;
      }
    }
  }

  private static void offer(InboxBatch batch, ObjectInfo object, Consumer<Upload> sink) {
    String key = object.key();
    if (!InboxBatch.showsFolder(key, object.size())
        && !batch.completes(key)
        && batch.has(Upload.of(object))) {
      sink.accept(Upload.of(object));
    }
  }
}
