package io.yunpipe.wrap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes the tar of a layer, also such as no honest program would write. */
final class TestLayer {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");
  private boolean finished;

  TestLayer() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
  }

  /** A layer as a program with glibc would have it. */
  static TestLayer glibc() {
    return new TestLayer()
        .link("lib64", "usr/lib64")
        .file("usr/lib64/ld-linux-x86-64.so.2", "loader")
        .file("usr/bin/tool", "#!/bin/sh");
  }

  TestLayer gnuLongNames() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    return this;
  }

  TestLayer file(String name, String text) {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  TestLayer file(String name, byte[] contents) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(contents.length);
    entry.setMode(0755);
    return put(entry, contents);
  }

  TestLayer folder(String name) {
    return put(new TarArchiveEntry(name + "/", true), new byte[0]);
  }

  TestLayer link(String name, String target) {
    return special(name, TarConstants.LF_SYMLINK, target);
  }

  TestLayer special(String name, byte type, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setLinkName(target);
    return put(entry, new byte[0]);
  }

  private TestLayer put(TarArchiveEntry entry, byte[] contents) {
    entry.setModTime(0);
    entry.setIds(0, 0);
    entry.setNames("", "");
    try {
      tar.putArchiveEntry(entry);
      tar.write(contents);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  byte[] tar() {
    try {
      if (!finished) {
        tar.finish();
        finished = true;
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] tar) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
