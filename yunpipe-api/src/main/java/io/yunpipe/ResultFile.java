package io.yunpipe;

import java.io.InputStream;
import java.nio.file.Path;

/** One output file of a job, verified against its committed checksum as it is read. */
public interface ResultFile {
  /** Returns its path below the job's output folder, with {@code /}. */
  String name();

  /** Returns its size in bytes. */
  long size();

  /** Returns its SHA-256 in lower-case hex. */
  String sha256();

  /**
   * Opens it. The stream throws {@link java.io.IOException} at its end if the checksum differs.
   *
   * @throws BackendException if the store cannot read it
   */
  InputStream open();

  /** Reads up to {@code length} bytes from {@code offset}; not checked against the checksum. */
  byte[] read(long offset, int length);

  /**
   * Writes it to a file, which appears whole or not at all; missing folders are made.
   *
   * @throws BackendException if the store cannot read it, the checksum differs or the file cannot
   *     be written
   */
  void copyTo(Path file);
}
