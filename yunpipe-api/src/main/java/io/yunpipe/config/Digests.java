package io.yunpipe.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Digests in the names of images: what follows the {@code @}. */
public final class Digests {
  private static final Pattern PINNED =
      Pattern.compile("[A-Za-z0-9\\[][A-Za-z0-9._:/\\[\\]-]{0,255}@(sha256:[0-9a-f]{64})");

  private Digests() {}

  /** Returns the digest that an image's name has, or empty if it names a tag or nothing. */
  public static Optional<String> of(String image) {
    Matcher found = PINNED.matcher(image);
    return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
  }
}
