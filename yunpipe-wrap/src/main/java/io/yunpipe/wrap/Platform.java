package io.yunpipe.wrap;

import java.util.regex.Pattern;

/**
 * What an image runs on.
 *
 * @param os such as {@code linux}
 * @param architecture in the words of container images, such as {@code amd64} and {@code arm64}
 * @param variant such as {@code v8}; may be empty
 */
public record Platform(String os, String architecture, String variant) {
  private static final Pattern WORD = Pattern.compile("[a-zA-Z0-9._-]{0,64}");

  /** Checks the words, which come from strangers. */
  public Platform {
    for (String word : new String[] {os, architecture, variant}) {
      if (!WORD.matcher(word).matches()) {
        throw new IllegalArgumentException(
            "platform must be of words such as linux and amd64, but one was \"" + word + "\"");
      }
    }
  }

  /** Returns linux on an architecture. */
  public static Platform linux(String architecture) {
    return new Platform("linux", architecture, "");
  }

  /** Returns it as engines write it, such as {@code linux/arm64/v8}. */
  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
