package io.yunpipe.config;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.config.Published.TestFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Inputs to try algorithms on, by the checksum of their bytes. */
final class TestFiles {
  private TestFiles() {}

  /** Looks at a file that is to be published; a name that others could not use is changed. */
  static TestFile look(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      if (!Files.isRegularFile(file) || Files.size(file) > SharedEntry.LARGEST_TEST) {
        throw new InvalidInputException(
            "Could not publish the test file "
                + file
                + ": it must be a file of at most "
                + SharedEntry.LARGEST_TEST
                + " bytes.");
      }
      MessageDigest digest = sha256();
      long size = in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return new TestFile(name(file), size, HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      throw new InvalidInputException("Could not read the test file " + file + ": " + e, e);
    }
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
    String plain = Character.isLetterOrDigit(name.charAt(0)) ? name : "test" + name;
    // The end, where the extension is, counts more than the beginning.
    String shorter = plain.length() > 100 ? "t" + plain.substring(plain.length() - 99) : plain;
    return shorter;
  }

  /** Writes a stored file beside its place, checks it, and moves it there. */
  static Path download(TestFile test, Optional<InputStream> stored, Path folder, String location) {
    if (stored.isEmpty()) {
      throw new BackendException(
          "The test file " + test.name() + " is not in " + location + " any more.", null);
    }
    Path target = folder.resolve(test.name());
    try (InputStream in = stored.get()) {
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, ".test", ".draft");
      try {
        MessageDigest digest = sha256();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(draft), digest)) {
          in.transferTo(out);
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(test.sha256())) {
          throw new BackendException(
              "The test file "
                  + test.name()
                  + " in "
                  + location
                  + " is not what was published: its SHA-256 is "
                  + found
                  + ", and was "
                  + test.sha256()
                  + ". Nothing was written.",
              null);
        }
        Files.move(
            draft, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + target + ": " + e, e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
