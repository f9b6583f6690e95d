package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.Children.Item;
import io.yunpipe.internal.Submission.Offer;
import io.yunpipe.internal.Submission.Part;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Moves a shard's inputs into the store. In a store that is far away the small ones share objects,
 * since there a request costs more than their bytes, and the others go side by side.
 */
final class Uploads implements AutoCloseable {
  /** Bytes up to which an input travels with its job. */
  private static final int INLINE = 1024;

  /** Bytes up to which an input shares an object with others of its shard. */
  private static final int SMALL = 64 << 10;

  /** Bytes after which such an object is full. */
  private static final int PACK = 4 << 20;

  private final ObjectStore store;
  private final Keys keys;
  private final boolean far;
  private final Parallel moves;

  /**
   * An input by the name that it has in the run.
   *
   * @param name the name
   * @param offer what was offered
   */
  record Named(String name, Offer offer) {}

  Uploads(ObjectStore store, Keys keys) {
    this.store = store;
    this.keys = keys;
    this.far = store.parallelism() > 1;
    this.moves = new Parallel(store.parallelism(), "yunpipe-upload");
  }

  /** Moves the inputs; one that cannot be read becomes an item with a problem. */
  List<Item> take(List<Named> inputs, int shard) {
    List<Taken> all = new ArrayList<>(inputs.size());
    Pack pack = new Pack();
    for (Named input : inputs) {
      Taken taken = new Taken(input);
      all.add(taken);
      for (int i = 0; i < taken.files.length && taken.problem == null; i++) {
        take(taken, i, shard, pack);
      }
    }
    pack.flush();
    moves.finish();
    return all.stream().map(taken -> taken.item(shard)).toList();
  }

  private void take(Taken taken, int index, int shard, Pack pack) {
    Part part = taken.input.offer().files().get(index);
    Content content = part.content();
    if (content == null) {
      taken.files[index] = Objects.requireNonNull(part.stored());
      return;
    }
    try {
      long size = content.size();
      if (content.file().isEmpty() && size >= 0 && size <= INLINE) {
        byte[] bytes = bytes(content);
        taken.files[index] = new InputRef(part.name(), null, bytes.length, Sha256.of(bytes), bytes);
      } else if (far && size > 0 && size <= SMALL) {
        pack.add(taken, index, part.name(), bytes(content));
      } else {
        String name = taken.input.name();
        String path = taken.files.length == 1 ? name : name + "/" + part.name();
        String key = keys.input(shard, path);
        moves.run(() -> put(taken, index, part.name(), key, content));
      }
    } catch (InvalidInputException e) {
      taken.problem = e.getMessage();
    }
  }

  private void put(Taken taken, int index, String name, String key, Content content) {
    try {
      Stored stored = store.put(key, content);
      taken.files[index] = new InputRef(name, key, stored.size(), stored.sha256(), null);
    } catch (InvalidInputException e) {
      taken.problem = e.getMessage();
    }
  }

  private static byte[] bytes(Content content) {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new InvalidInputException("Could not read an input: " + e, e);
    }
  }

  @Override
  public void close() {
    moves.close();
  }

  /** An input and what becomes of it. Written by several threads before they are joined. */
  private static final class Taken {
    private final Named input;
    private final @Nullable InputRef[] files;
    private volatile @Nullable String problem;

    Taken(Named input) {
      this.input = input;
      this.files = new InputRef[input.offer().files().size()];
    }

    Item item(int shard) {
      String name = input.name();
      String number = Integer.toString(shard);
      if (problem != null) {
        return new Item(Ids.hash(number, name), name, List.of(), problem);
      }
      List<InputRef> refs = Arrays.stream(files).map(Objects::requireNonNull).toList();
      StringBuilder version = new StringBuilder();
      refs.forEach(file -> version.append(file.sha256()).append(' '));
      return new Item(Ids.hash(number, name, version.toString()), name, refs);
    }
  }

  /** Small inputs that will share an object. */
  private final class Pack {
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private String key = newKey();

    void add(Taken taken, int index, String name, byte[] content) {
      if (bytes.size() + content.length > PACK) {
        flush();
      }
      taken.files[index] =
          new InputRef(name, key, content.length, Sha256.of(content), null, (long) bytes.size());
      bytes.writeBytes(content);
    }

    void flush() {
      if (bytes.size() == 0) {
        return;
      }
      byte[] full = bytes.toByteArray();
      String to = key;
      bytes = new ByteArrayOutputStream();
      key = newKey();
      moves.run(
          () -> {
            if (!store.putIfAbsent(to, Content.of(full))) {
              throw new BackendException("There is an object " + to + " already", null);
            }
          });
    }

    /** Never the same twice: another program may go on with this submission at the same time. */
    private String newKey() {
      return keys.pack(Ids.newAttempt());
    }
  }
}
