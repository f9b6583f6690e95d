package io.yunpipe.internal.archive;

/**
 * What an archive may ask of the machine that reads it.
 *
 * @param maxEntries files and folders
 * @param maxBytes bytes of all files together, unpacked
 * @param maxRatio unpacked bytes per packed byte, of each file and of the whole archive
 * @param ratioFreeBytes unpacked bytes up to which the ratio is not looked at: small files of one
 *     letter are no attack
 * @param maxNameBytes longest name of an entry, in bytes of UTF-8
 */
public record ArchiveLimits(
    long maxEntries, long maxBytes, long maxRatio, long ratioFreeBytes, int maxNameBytes) {
  /** 100,000 entries, 16 GiB, ratio 200 above 1 MiB, names of 900 bytes. */
  public static final ArchiveLimits DEFAULT =
      new ArchiveLimits(100_000, 16L << 30, 200, 1L << 20, 900);

  /** Checks that every limit is at least 1. */
  public ArchiveLimits {
    if (maxEntries < 1 || maxBytes < 1 || maxRatio < 1 || ratioFreeBytes < 1 || maxNameBytes < 1) {
      throw new IllegalArgumentException(
          "limits of an archive must be at least 1, but were entries="
              + maxEntries
              + " bytes="
              + maxBytes
              + " ratio="
              + maxRatio
              + " ratioFreeBytes="
              + ratioFreeBytes
              + " nameBytes="
              + maxNameBytes);
    }
  }

  /** Returns a copy with another limit on entries. */
  public ArchiveLimits withMaxEntries(long value) {
    return new ArchiveLimits(value, maxBytes, maxRatio, ratioFreeBytes, maxNameBytes);
  }

  /** Returns a copy with another limit on unpacked bytes. */
  public ArchiveLimits withMaxBytes(long value) {
    return new ArchiveLimits(maxEntries, value, maxRatio, ratioFreeBytes, maxNameBytes);
  }

  /** Returns a copy with another limit on the ratio of unpacked to packed bytes. */
  public ArchiveLimits withMaxRatio(long value) {
    return new ArchiveLimits(maxEntries, maxBytes, value, ratioFreeBytes, maxNameBytes);
  }

  /** Returns a copy with another size up to which the ratio is not looked at. */
  public ArchiveLimits withRatioFreeBytes(long value) {
    return new ArchiveLimits(maxEntries, maxBytes, maxRatio, value, maxNameBytes);
  }

  /** Returns a copy with another limit on the length of names. */
  public ArchiveLimits withMaxNameBytes(int value) {
    return new ArchiveLimits(maxEntries, maxBytes, maxRatio, ratioFreeBytes, value);
  }

  /** Returns whether so many bytes from so few packed ones are too many. */
  boolean tooDense(long unpacked, long packed) {
    return unpacked > ratioFreeBytes && unpacked / maxRatio > packed;
  }
}
