package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Objects below a prefix; named by what follows the prefix's last slash. */
final class StoredItems implements ItemSource {
  private static final int PAGE = 1000;

  private final ObjectStore store;
  private final String prefix;
  private final int nameStart;
  private Iterator<ObjectInfo> page = List.<ObjectInfo>of().iterator();
  private String after = "";
  private boolean last;

  StoredItems(ObjectStore store, String prefix) {
    this.store = store;
    this.prefix = prefix;
    this.nameStart = prefix.lastIndexOf('/') + 1;
  }

  @Override
  public @Nullable SourceItem next() {
    while (true) {
      if (page.hasNext()) {
        ObjectInfo object = page.next();
        after = object.key();
        // Consoles make an empty object of this name to show a folder.
        if (!object.key().endsWith("/")) {
          return SourceItem.stored(
              object.key().substring(nameStart), new StoredContent(store, object), object);
        }
      } else if (last) {
        return null;
      } else {
        List<ObjectInfo> objects = store.list(prefix, after, PAGE);
        last = objects.size() < PAGE;
        page = objects.iterator();
      }
    }
  }

  @Override
  public String nothing() {
    return "the store has no object whose key starts with " + Quoted.of(prefix);
  }

  private record StoredContent(ObjectStore store, ObjectInfo object) implements Content {
    @Override
    public long size() {
      return object.size();
    }

    @Override
    public InputStream open() {
      return store
          .get(object.key())
          .orElseThrow(
              () ->
                  new InvalidInputException(
                      "Could not read the stored input "
                          + Quoted.of(object.key())
                          + ": it was deleted after it was listed. Submit again without it."));
    }
  }
}
