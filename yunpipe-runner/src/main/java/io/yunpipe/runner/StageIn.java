package io.yunpipe.runner;

import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import io.yunpipe.internal.Ids;
import io.yunpipe.internal.InputRef;
import io.yunpipe.spi.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Copies what a job reads from the store, verifying checksums in the same pass. For one attempt.
 */
final class StageIn {
  private static final int BUFFER = 64 << 10;

  private final ObjectStore store;
  private final Running running;
  private byte @Nullable [] buffer;

  StageIn(ObjectStore store, Running running) {
    this.store = store;
    this.running = running;
  }

  /**
   * Copies the inputs one by one.
   *
   * @return the file, if the job has one input; otherwise the folder
   */
  Path inputs(Path folder) throws IOException, JobProblem, InterruptedException {
    Path only = folder;
    long count = 0;
    for (InputRef input : running.attempt().inputs()) {
      Path file = copy(input, "input '" + input.name() + "'", folder, input.name());
      only = count++ == 0 ? file : folder;
    }
    return running.attempt().gather() ? folder : only;
  }

  /** Places a staged entry at a path relative to a folder. */
  Path entry(StagedEntry entry, Path folder, String path)
      throws IOException, JobProblem, InterruptedException {
    String what = "staged '" + entry.path() + "'";
    Path target;
    if (entry.object() != null) {
      target = copy(entry.object(), what, folder, path);
      // The store keeps no modes: whether this is a program is for the command to say.
      protect(target, entry.writable(), true);
    } else if (entry.text() != null) {
      target = place(folder, path, what);
      byte[] text = entry.text().getBytes(StandardCharsets.UTF_8);
      write(new ByteArrayInputStream(text), target, null, what);
      protect(target, entry.writable(), entry.text().startsWith("#!"));
    } else {
      target = place(folder, path, what);
      Files.createDirectories(target);
    }
    return target;
  }

  private static void protect(Path file, boolean writable, boolean executable) {
    if (executable) {
      file.toFile().setExecutable(true, false);
    }
    if (!writable) {
      file.toFile().setReadOnly();
    }
  }

  private Path copy(InputRef from, String what, Path folder, String name)
      throws IOException, JobProblem, InterruptedException {
    running.check();
    Path target = place(folder, name, what);
    try (InputStream bytes = open(from, what)) {
      MessageDigest digest = from.sha256().isEmpty() ? null : Ids.sha256();
      long size = write(bytes, target, digest, what);
      verify(from, what, size, digest);
    }
    return target;
  }

  /** Opens the bytes of an input. */
  InputStream open(InputRef from, String what) throws JobProblem {
    if (from.inline() != null) {
      return new ByteArrayInputStream(from.inline());
    }
    String key = String.valueOf(from.key());
    Long offset = from.offset();
    return (offset == null ? store.get(key) : store.get(key, offset, from.size()))
        .orElseThrow(
            () ->
                JobProblem.permanent(
                    what + " is gone: the store has no object " + key + ". Submit it again."));
  }

  /** Compares what was read with what was promised. */
  static void verify(InputRef from, String what, long size, @Nullable MessageDigest digest)
      throws JobProblem {
    if (digest == null) {
      return;
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(from.sha256())) {
      throw JobProblem.passing(
          "%s does not match its checksum: expected %d bytes with SHA-256 %s, but %s has %d with %s. Submit it again."
              .formatted(
                  what,
                  from.size(),
                  from.sha256(),
                  from.key() == null ? "the message" : "object " + from.key(),
                  size,
                  found));
    }
  }

  /** Returns where a name lies below a folder, its parents made. */
  private static Path place(Path folder, String name, String what) throws IOException, JobProblem {
    String wrong = OutputNames.problem(name);
    if (wrong != null) {
      throw JobProblem.permanent(what + " cannot be placed: its name " + wrong);
    }
    try {
      Path target = folder.resolve(name);
      if (name.indexOf('/') >= 0) {
        Files.createDirectories(target.getParent());
      }
      return target;
    } catch (InvalidPathException e) {
      throw Disk.unmappable(e, name);
    } catch (FileAlreadyExistsException e) {
      throw JobProblem.permanent(
          what + " cannot be placed: another file has the name of its folder " + e.getFile());
    }
  }

  private long write(InputStream from, Path target, @Nullable MessageDigest digest, String what)
      throws IOException, JobProblem, InterruptedException {
    try (OutputStream to =
        Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] bytes = buffer == null ? new byte[BUFFER] : buffer;
      buffer = bytes;
      long size = 0;
      for (int read = from.read(bytes); read >= 0; read = from.read(bytes)) {
        to.write(bytes, 0, read);
        size += read;
        if (digest != null) {
          digest.update(bytes, 0, read);
        }
        running.check();
      }
      return size;
    } catch (FileAlreadyExistsException e) {
      throw JobProblem.permanent(what + " cannot be placed: another one has the same name");
    } catch (FileSystemException e) {
      if (String.valueOf(e.getReason()).contains("name too long")) {
        throw JobProblem.permanent(
            what + " cannot be placed: its name is too long for the disk of " + target.getParent());
      }
      throw e;
    }
  }
}
