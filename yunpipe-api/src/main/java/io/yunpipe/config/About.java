package io.yunpipe.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is told of an algorithm for those who did not write it. Every text may be empty. Immutable.
 *
 * @param version its version, or null if it has none
 * @param base the image that was wrapped, with its digest, if the algorithm's image is wrapped
 * @param description what it does
 * @param author who made it
 * @param inputs what it takes, such as {@code a PNG image of cells}
 * @param outputs what it makes
 */
public record About(
    @Nullable Version version,
    String base,
    String description,
    String author,
    String inputs,
    String outputs) {
  /** Nothing is told. */
  public static final About NOTHING = new About(null, "", "", "", "", "");

  private static final int LONGEST = 2000;

  /**
   * Checks the texts.
   *
   * @throws IllegalArgumentException if one has more than 2,000 characters, or one that is neither
   *     printed nor a line's end
   */
  public About {
    check("base_image", base);
    check("description", description);
    check("author", author);
    check("inputs", inputs);
    check("outputs", outputs);
  }

  private static void check(String what, String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          what + " must have at most 2000 characters, but has " + text.length());
    }
    // Shown on terminals, which act on what follows an escape.
    if (text.chars().anyMatch(sign -> Character.isISOControl(sign) && sign != '\n')) {
      throw new IllegalArgumentException(what + " must be text without control characters");
    }
  }

  /** Returns the same with a version. */
  public About withVersion(Version newVersion) {
    return new About(newVersion, base, description, author, inputs, outputs);
  }

  /** Returns the same with the image that was wrapped. */
  public About withBase(String newBase) {
    return new About(version, newBase, description, author, inputs, outputs);
  }

  /** Reads the keys of an algorithm's file; texts that cannot be used become problems. */
  static About read(Fields in) {
    String written = in.text("version");
    Version version =
        written == null || written.isEmpty()
            ? null
            : in.make("version", () -> new Version(written));
    About texts =
        in.make(
            "description",
            () ->
                new About(
                    version,
                    in.text("base_image", ""),
                    in.text("description", ""),
                    in.text("author", ""),
                    in.text("inputs", ""),
                    in.text("outputs", "")));
    return texts == null ? NOTHING : texts;
  }

  /** Returns what is told, by the keys of an algorithm's file. */
  Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("version", version == null ? "" : version.text());
    keys.put("base_image", base);
    keys.put("description", description);
    keys.put("author", author);
    keys.put("inputs", inputs);
    keys.put("outputs", outputs);
    keys.values().removeIf(String::isEmpty);
    return keys;
  }
}
