package io.yunpipe.wrap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The worker's program with its entries not compressed. The layer is compressed as a whole, which
 * makes it smaller than one with a compressed jar in it, and classes load without being inflated.
 */
final class StoredJar {
  /** The first moment that a jar can name. */
  private static final LocalDateTime STAMP = LocalDateTime.of(1980, 2, 1, 12, 0);

  private StoredJar() {}

  static Body of(Body jar) throws IOException {
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    int entries = 0;
    try (InputStream file = jar.open();
        ZipInputStream in = new ZipInputStream(file);
        ZipOutputStream out = new ZipOutputStream(stored)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] bytes = in.readAllBytes();
        out.putNextEntry(plain(entry.getName(), bytes));
        out.write(bytes);
        entries++;
      }
    }
    if (entries == 0) {
      throw new ZipException("the worker's program is no jar, or an empty one");
    }
    return Body.of(stored.toByteArray());
  }

  private static ZipEntry plain(String name, byte[] bytes) {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setTimeLocal(STAMP);
    entry.setSize(bytes.length);
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    entry.setCrc(checksum.getValue());
    return entry;
  }
}
