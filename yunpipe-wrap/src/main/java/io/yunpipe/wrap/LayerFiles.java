package io.yunpipe.wrap;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one layer puts where, and what it takes away from those below. Names are keys in memory and
 * nothing else; a name that leads out of the root is left out, as engines do.
 */
final class LayerFiles {
  private static final long MAX_BYTES = 128L << 30;
  private static final int MAX_DEPTH = 256;
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  /** Kinds of what is at a path. */
  enum Kind {
    FOLDER,
    FILE,
    LINK,
    OTHER
  }

  /**
   * What is at a path.
   *
   * @param target of a link
   */
  record Found(Kind kind, String target) {}

  private static final Found FOLDER = new Found(Kind.FOLDER, "");
  private static final Found FILE = new Found(Kind.FILE, "");
  private static final Found OTHER = new Found(Kind.OTHER, "");

  private final Room room;
  private final Map<String, Found> entries = new HashMap<>();
  private final Set<String> gone = new HashSet<>();
  private final Set<String> opaque = new HashSet<>();

  private LayerFiles(Room room) {
    this.room = room;
  }

  /** Reads a layer to its end. */
  static LayerFiles read(InputStream layer, Room room) throws IOException {
    LayerFiles files = new LayerFiles(room);
    TarReader reader = new TarReader(new Bounded(LayerStream.tar(layer), MAX_BYTES));
    for (Optional<TarReader.Entry> entry = reader.next();
        entry.isPresent();
        entry = reader.next()) {
      files.add(entry.get());
    }
    // The rest is padding; it belongs to the digest.
    layer.transferTo(OutputStream.nullOutputStream());
    return files;
  }

  private void add(TarReader.Entry entry) throws IOException {
    Optional<List<String>> parts = parts(entry.name());
    if (parts.isEmpty() || parts.get().isEmpty()) {
      return;
    }
    List<String> names = parts.get();
    String last = names.get(names.size() - 1);
    String parent = String.join("/", names.subList(0, names.size() - 1));
    addFolder(parent);
    if (last.equals(OPAQUE)) {
      if (opaque.add(parent)) {
        room.take(parent);
      }
    } else if (last.startsWith(WHITEOUT)) {
      String hidden = last.substring(WHITEOUT.length());
      String path = parent.isEmpty() ? hidden : parent + "/" + hidden;
      if (gone.add(path)) {
        room.take(path);
      }
    } else {
      String path = String.join("/", names);
      Found found = found(entry);
      room.takeText(found.target());
      if (entries.put(path, found) == null) {
        room.take(path);
      }
    }
  }

  /** Folders above what is named are there, named or not. */
  private void addFolder(String path) throws IOException {
    for (String at = path;
        !at.isEmpty() && entries.putIfAbsent(at, FOLDER) == null;
        at = at.substring(0, Math.max(0, at.lastIndexOf('/')))) {
      room.take(at);
    }
  }

  private static Found found(TarReader.Entry entry) {
    if (entry.folder()) {
      return FOLDER;
    }
    if (entry.symbolicLink()) {
      return new Found(Kind.LINK, entry.link());
    }
    return entry.file() || entry.hardLink() ? FILE : OTHER;
  }

  /** Returns the names of a path; empty if it leads out of the root or is too deep. */
  static Optional<List<String>> parts(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          return Optional.empty();
        }
        parts.remove(parts.size() - 1);
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts.size() > MAX_DEPTH ? Optional.empty() : Optional.of(parts);
  }

  /** Returns what this layer has at a path. */
  Optional<Found> at(String path) {
    return Optional.ofNullable(entries.get(path));
  }

  /** Returns whether nothing of the layers below is to be seen at a path. */
  boolean hides(String path) {
    for (String at = path; ; at = at.substring(0, Math.max(0, at.lastIndexOf('/')))) {
      if (gone.contains(at)) {
        return true;
      }
      boolean above = !at.equals(path);
      if (above && opaque.contains(at)) {
        return true;
      }
      Found here = entries.get(at);
      if (above && here != null && here.kind() != Kind.FOLDER) {
        return true;
      }
      if (at.isEmpty()) {
        return false;
      }
    }
  }

  /** How much may be kept in memory of an image's names. */
  static final class Room {
    private final int mostNames;
    private final long mostSigns;
    private int names;
    private long signs;

    Room() {
      this(2_000_000, 128L << 20);
    }

    Room(int mostNames, long mostSigns) {
      this.mostNames = mostNames;
      this.mostSigns = mostSigns;
    }

    /** Takes room for a name. */
    void take(String name) throws IOException {
      names++;
      takeText(name);
    }

    /** Takes room for what a name leads to. */
    void takeText(String text) throws IOException {
      signs += text.length();
      if (names > mostNames || signs > mostSigns) {
        throw new IOException(
            "its files have more than "
                + mostNames
                + " names, or more than "
                + mostSigns
                + " letters in them");
      }
    }
  }

  /** Ends a stream that gives more than it should. */
  static final class Bounded extends FilterInputStream {
    private final long most;
    private long count;

    Bounded(InputStream in, long most) {
      super(in);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = super.read(into, offset, length);
      count(Math.max(n, 0));
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      // What is skipped is unpacked as well, so no more of it than is allowed.
      long skipped = super.skip(Math.min(n, most - count + 1));
      count(skipped);
      return skipped;
    }

    private void count(long n) throws IOException {
      count += n;
      if (count > most) {
        throw new TooLong(most);
      }
    }
  }

  /** What is read is longer than it should be. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1;

    TooLong(long most) {
      super("it has more than " + most + " bytes");
    }
  }
}
