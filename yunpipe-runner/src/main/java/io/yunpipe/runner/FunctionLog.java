package io.yunpipe.runner;

import io.yunpipe.spi.Content;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The log of a function: in memory while it is small, so that a quiet one touches no file.
 * Thread-safe.
 */
final class FunctionLog {
  private static final int SMALL = 64 << 10;

  private final Scratch scratch;
  private final long max;
  private @Nullable ByteArrayOutputStream recent;
  private @Nullable Path file;
  private long written;
  private boolean full;

  FunctionLog(Scratch scratch, long max) {
    this.scratch = scratch;
    this.max = max;
  }

  synchronized void add(String line) {
    if (full) {
      return;
    }
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    if (written + bytes.length > max) {
      full = true;
      bytes = "[yunpipe: the rest of this log was dropped]\n".getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream buffer = recent == null ? new ByteArrayOutputStream() : recent;
    recent = buffer;
    buffer.writeBytes(bytes);
    written += bytes.length;
    if (buffer.size() > SMALL) {
      spill(buffer);
    }
  }

  private void spill(ByteArrayOutputStream buffer) {
    try {
      file = scratch.file(Scratch.LOG);
      Files.write(file, buffer.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      buffer.reset();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write the log of the job: " + e.getMessage(), e);
    }
  }

  /** Opens what there is so far. */
  synchronized InputStream open() throws IOException {
    InputStream memory =
        new ByteArrayInputStream(recent == null ? new byte[0] : recent.toByteArray());
    return file == null
        ? memory
        : new SequenceInputStream(new ByteArrayInputStream(Files.readAllBytes(file)), memory);
  }

  /** Ends the log; returns it, or null if nothing was written. */
  synchronized @Nullable Content content() {
    ByteArrayOutputStream buffer = recent;
    if (buffer == null) {
      return null;
    }
    if (file != null) {
      spill(buffer);
      return Content.moving(file);
    }
    return Content.of(buffer.toByteArray());
  }

  /** Returns the end of the log. */
  synchronized String tail() throws IOException {
    if (file != null) {
      return JobLog.tail(file.toFile());
    }
    if (recent == null) {
      return "";
    }
    byte[] all = recent.toByteArray();
    int start = Math.max(0, all.length - JobLog.TAIL);
    return LogText.wholeLines(Arrays.copyOfRange(all, start, all.length), start > 0);
  }
}
