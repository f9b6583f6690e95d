package io.yunpipe.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Identifiers: by hash where the same thing must have the same name, random where it must not. */
public final class Ids {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String PROCESS = randomHex(6);
  private static final AtomicLong ATTEMPTS = new AtomicLong();

  private Ids() {}

  /** Returns a new run id, sorted by time to the second. */
  public static String newRun(Instant now) {
    return TIME.format(now) + "-" + randomHex(3);
  }

  /** Returns an attempt id that no other program makes. */
  public static String newAttempt() {
    return PROCESS + "-" + Long.toString(ATTEMPTS.incrementAndGet(), 36);
  }

  /** Returns the first 96 bits of the SHA-256 of the parts, in hex. */
  public static String hash(String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 12);
  }

  /** Returns a SHA-256 digest. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256", e);
    }
  }

  private static String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
