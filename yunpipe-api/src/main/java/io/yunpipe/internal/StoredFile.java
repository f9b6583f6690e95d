package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.ResultFile;
import io.yunpipe.spi.ObjectStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A committed output, read from the store. */
final class StoredFile implements ResultFile {
  private static final int BUFFER = 128 * 1024;

  private final ObjectStore store;
  private final Output output;
  private final String key;

  StoredFile(ObjectStore store, Output output, String key) {
    this.store = store;
    this.output = output;
    this.key = key;
  }

  @Override
  public String name() {
    return output.name();
  }

  @Override
  public long size() {
    return output.size();
  }

  @Override
  public String sha256() {
    return output.sha256();
  }

  @Override
  public InputStream open() {
    return new Verified(store.get(key).orElseThrow(this::gone), this);
  }

  @Override
  public byte[] read(long offset, int length) {
    try (InputStream in = store.get(key, offset, length).orElseThrow(this::gone)) {
      return in.readNBytes(length);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void copyTo(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (isThere(file)) {
        return;
      }
      Path part = file.resolveSibling("." + Ids.newAttempt() + ".part");
      try {
        try (InputStream in = open();
            OutputStream out = Files.newOutputStream(part)) {
          byte[] buffer = new byte[BUFFER];
          for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
          }
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new BackendException(
          "Could not write "
              + name()
              + " to "
              + file
              + ": "
              + e
              + ". Check the folder's rights and free space; what is there whole is kept.",
          e);
    }
  }

  private boolean isThere(Path file) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == size()
        && Sha256.of(file).equals(sha256());
  }

  private BackendException gone() {
    return new BackendException(
        "Result " + name() + " is gone from the store (" + key + "). Run again to make it anew.",
        null);
  }

  private BackendException failed(IOException e) {
    return new BackendException(
        "Could not read result " + name() + " (" + key + "): " + e, true, e);
  }

  /** Compares the checksum when the end is reached. */
  private static final class Verified extends FilterInputStream {
    private final StoredFile file;
    private final MessageDigest digest;
    private boolean ended;

    Verified(InputStream in, StoredFile file) {
      this(in, file, Ids.sha256());
    }

    private Verified(InputStream in, StoredFile file, MessageDigest digest) {
      super(new DigestInputStream(in, digest));
      this.file = file;
      this.digest = digest;
    }

    @Override
    public int read() throws IOException {
      return checked(super.read());
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return checked(super.read(buffer, offset, length));
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private int checked(int n) throws IOException {
      if (n < 0 && !ended) {
        ended = true;
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(file.sha256())) {
          throw new IOException(
              "Result "
                  + file.name()
                  + " ("
                  + file.key
                  + ") is damaged: its SHA-256 is "
                  + found
                  + ", committed was "
                  + file.sha256()
                  + ". Run again to make it anew.");
        }
      }
      return n;
    }
  }
}
