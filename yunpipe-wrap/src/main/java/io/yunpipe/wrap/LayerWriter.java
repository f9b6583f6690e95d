package io.yunpipe.wrap;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes the layer; the same contents give the same bytes. */
final class LayerWriter {
  /** Where everything lies in an image. */
  static final String ROOT = "opt/yunpipe/";

  static final String JAVA = "/" + ROOT + "jre/bin/java";
  static final String WORKER = "/" + ROOT + "lib/yunpipe-worker.jar";

  private static final int FOLDER_MODE = 0755;
  private static final int PROGRAM_MODE = 0755;
  private static final int FILE_MODE = 0644;

  /** Who the container's user is, is not known; links to a job's files are made there. */
  private static final int OPEN_MODE = 01777;

  /** A home may be mounted so that nothing in it can be run, or all of it. */
  private static final Pattern PROGRAM =
      Pattern.compile(ROOT + "jre/(bin/[^/]+|lib/jexec|lib/jspawnhelper)");

  private static final int BUFFER = 128 << 10;

  private final TarArchiveOutputStream tar;

  private LayerWriter(TarArchiveOutputStream tar) {
    this.tar = tar;
  }

  /** What was written. */
  record Written(String digest, String diffId, long size) {}

  static Written write(Path jre, Runner runner, Path file) throws IOException {
    MessageDigest packed = BlobStream.sha256();
    MessageDigest plain = BlobStream.sha256();
    try (OutputStream out =
            new DigestOutputStream(
                new BufferedOutputStream(Files.newOutputStream(file), BUFFER), packed);
        OutputStream gzip = new GZIPOutputStream(out, BUFFER);
        OutputStream counted = new DigestOutputStream(gzip, plain);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new BufferedOutputStream(counted, BUFFER), "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      new LayerWriter(tar).all(jre, runner);
      tar.finish();
    }
    return new Written(
        Digest.PREFIX + HexFormat.of().formatHex(packed.digest()),
        Digest.PREFIX + HexFormat.of().formatHex(plain.digest()),
        Files.size(file));
  }

  private void all(Path jre, Runner runner) throws IOException {
    folder("opt/", FOLDER_MODE);
    folder(ROOT, FOLDER_MODE);
    folder(ROOT + "jre/", FOLDER_MODE);
    for (Path path : JavaRuntime.sorted(jre)) {
      java(path, ROOT + "jre/" + jre.relativize(path).toString().replace('\\', '/'));
    }
    folder(ROOT + "lib/", FOLDER_MODE);
    file(WORKER.substring(1), FILE_MODE, StoredJar.of(runner.jar()));
    folder("yunpipe/", OPEN_MODE);
  }

  private void java(Path path, String name) throws IOException {
    if (Files.isSymbolicLink(path)) {
      TarArchiveEntry entry = fixed(new TarArchiveEntry(name, TarConstants.LF_SYMLINK), 0777);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      folder(name + "/", FOLDER_MODE);
    } else {
      int mode = PROGRAM.matcher(name).matches() ? PROGRAM_MODE : FILE_MODE;
      file(name, mode, Body.of(path, Files.size(path)));
    }
  }

  private void folder(String name, int mode) throws IOException {
    tar.putArchiveEntry(fixed(new TarArchiveEntry(name), mode));
    tar.closeArchiveEntry();
  }

  private void file(String name, int mode, Body body) throws IOException {
    TarArchiveEntry entry = fixed(new TarArchiveEntry(name), mode);
    entry.setSize(body.size());
    tar.putArchiveEntry(entry);
    try (InputStream in = body.open()) {
      in.transferTo(tar);
    }
    tar.closeArchiveEntry();
  }

  /** Nothing of this machine or moment. */
  private static TarArchiveEntry fixed(TarArchiveEntry entry, int mode) {
    entry.setMode(mode);
    entry.setModTime(0);
    entry.setIds(0, 0);
    entry.setNames("", "");
    return entry;
  }
}
