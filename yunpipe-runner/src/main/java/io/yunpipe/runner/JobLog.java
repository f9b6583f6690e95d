package io.yunpipe.runner;

import io.yunpipe.spi.Content;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The log of a command. Processes append to the file themselves; when it grows beyond the limit its
 * beginning is set aside and the rest dropped, so that a command that never stops talking does not
 * fill the disk. For one thread.
 */
final class JobLog {
  static final int TAIL = 4096;
  private static final int HEAD = 32 << 10;

  private final File file;
  private final long max;
  private byte @Nullable [] head;
  private long dropped;

  JobLog(Path file, long max) {
    this.file = file.toFile();
    this.max = max;
  }

  File file() {
    return file;
  }

  /** Drops what is too much; called now and then while the command runs. */
  void limit() throws IOException {
    long size = file.length();
    if (size > max) {
      drop(size, 0);
    }
  }

  /** Ends the log: makes one file of what was kept, if something was dropped. */
  void finish() throws IOException {
    long size = file.length();
    if (size > max) {
      drop(size, max / 2);
    }
    if (head == null) {
      return;
    }
    Path end = file.toPath().resolveSibling(file.getName() + ".end");
    Files.move(file.toPath(), end);
    try (OutputStream out = Files.newOutputStream(file.toPath());
        InputStream rest = Files.newInputStream(end)) {
      out.write(head);
      out.write(
          ("\n[yunpipe: " + dropped + " bytes of this log were dropped here]\n")
              .getBytes(StandardCharsets.UTF_8));
      rest.transferTo(out);
    }
    Files.delete(end);
  }

  /** Keeps the end of the file only; the command goes on writing, since it appends. */
  private void drop(long size, long keep) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file.toPath(), StandardOpenOption.READ, StandardOpenOption.WRITE);
        InputStream from = Files.newInputStream(file.toPath())) {
      if (head == null) {
        head = from.readNBytes(HEAD);
        dropped -= head.length;
      }
      byte[] end = new byte[(int) Math.min(keep, 1 << 20)];
      try (RandomAccessFile random = new RandomAccessFile(file, "r")) {
        random.seek(size - end.length);
        random.readFully(end);
      }
      channel.truncate(0);
      channel.write(java.nio.ByteBuffer.wrap(end), 0);
      dropped += size - end.length;
    }
  }

  /** Adds a line of ours. */
  void add(String line) throws IOException {
    Files.writeString(
        file.toPath(),
        "[yunpipe: " + line + "]\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Returns the log, or null if nothing was written. */
  @Nullable Content content() {
    return file.length() == 0 ? null : Content.moving(file.toPath());
  }

  /** Returns the end of the log. */
  String tail() throws IOException {
    return tail(file);
  }

  static String tail(File file) throws IOException {
    long size = file.length();
    if (size == 0) {
      return "";
    }
    try (RandomAccessFile from = new RandomAccessFile(file, "r")) {
      byte[] end = new byte[(int) Math.min(size, TAIL)];
      from.seek(size - end.length);
      from.readFully(end);
      return LogText.wholeLines(end, size > end.length);
    }
  }
}
