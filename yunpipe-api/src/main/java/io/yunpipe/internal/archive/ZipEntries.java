package io.yunpipe.internal.archive;

import io.yunpipe.InvalidInputException;
import io.yunpipe.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.jspecify.annotations.Nullable;

/**
 * The files in a zip, one by one and without unpacking it to disk. The directory is checked as
 * {@link SafeUnzip} does before the first is returned; an entry's bytes are checked while they are
 * read. Not thread-safe, but the entries are, until this is closed.
 */
public final class ZipEntries implements Iterator<ZipEntries.Entry>, AutoCloseable {
  private final CheckedZip zip;
  private final Iterator<ZipArchiveEntry> entries;
  private @Nullable ZipArchiveEntry next;

  private ZipEntries(CheckedZip zip) {
    this.zip = zip;
    this.entries = zip.entries().iterator();
    advance();
  }

  /**
   * Opens a zip.
   *
   * @throws InvalidInputException if it cannot be read or is refused
   */
  public static ZipEntries open(Path zip, ArchiveLimits limits) {
    return new ZipEntries(CheckedZip.open(zip, limits));
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Entry next() {
    ZipArchiveEntry entry = next;
    if (entry == null) {
      throw new NoSuchElementException();
    }
    advance();
    return new Entry(zip, entry);
  }

  private void advance() {
    next = null;
    while (next == null && entries.hasNext()) {
      ZipArchiveEntry entry = entries.next();
      next = entry.isDirectory() ? null : entry;
    }
  }

  @Override
  public void close() {
    zip.close();
  }

  /** A file in a zip. Can be opened until the {@link ZipEntries} are closed. */
  public static final class Entry implements Content {
    private final CheckedZip zip;
    private final ZipArchiveEntry entry;

    private Entry(CheckedZip zip, ZipArchiveEntry entry) {
      this.zip = zip;
      this.entry = entry;
    }

    /** Returns its path in the zip, with {@code /}. */
    public String name() {
      return entry.getName();
    }

    @Override
    public long size() {
      return entry.getSize();
    }

    /**
     * Opens the bytes.
     *
     * @return a stream that throws {@link InvalidInputException} if the bytes are not as claimed
     */
    @Override
    public InputStream open() throws IOException {
      return zip.open(entry);
    }
  }
}
