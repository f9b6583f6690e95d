package io.yunpipe.wrap;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The files in a tar on disk, each read where it lies. */
final class TarFiles implements LayoutFiles {
  private static final int MAX_FILES = 100_000;

  private final Path file;
  private final Map<String, TarReader.Entry> entries;

  private TarFiles(Path file, Map<String, TarReader.Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  static TarFiles open(Path file) throws IOException {
    Map<String, TarReader.Entry> entries = new HashMap<>();
    LayerFiles.Room room = new LayerFiles.Room();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 64 << 10)) {
      TarReader reader = new TarReader(in);
      for (Optional<TarReader.Entry> entry = reader.next();
          entry.isPresent();
          entry = reader.next()) {
        add(entries, entry.get(), room);
      }
    }
    return new TarFiles(file, entries);
  }

  private static void add(
      Map<String, TarReader.Entry> entries, TarReader.Entry entry, LayerFiles.Room room)
      throws IOException {
    if (entries.size() > MAX_FILES) {
      throw new IOException("it has more than " + MAX_FILES + " entries");
    }
    Optional<String> name = LayerFiles.parts(entry.name()).map(parts -> String.join("/", parts));
    if (name.isEmpty()) {
      return;
    }
    room.take(entry.name());
    room.takeText(entry.link());
    if (entry.file()) {
      entries.put(name.get(), entry);
    } else if (entry.symbolicLink() || entry.hardLink()) {
      // Engines write a layer that occurs twice as a link.
      String base =
          entry.hardLink() ? "" : name.get().substring(0, name.get().lastIndexOf('/') + 1);
      Optional<String> target =
          LayerFiles.parts(base + entry.link()).map(parts -> String.join("/", parts));
      if (target.isPresent() && entries.containsKey(target.get())) {
        entries.put(name.get(), entries.get(target.get()));
      }
    }
  }

  @Override
  public Optional<Body> file(String path) {
    TarReader.Entry entry = entries.get(path);
    return entry == null
        ? Optional.empty()
        : Optional.of(new Body(entry.size(), () -> open(entry)));
  }

  private InputStream open(TarReader.Entry entry) throws IOException {
    FileChannel channel = FileChannel.open(file);
    channel.position(entry.offset());
    return new Slice(Channels.newInputStream(channel), entry.size());
  }

  /** The first bytes of a stream. */
  private static final class Slice extends java.io.FilterInputStream {
    private long left;

    Slice(InputStream in, long length) {
      super(in);
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int n = super.read(into, offset, (int) Math.min(length, left));
      left -= Math.max(n, 0);
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = super.skip(Math.min(n, left));
      left -= skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
