package io.yunpipe.internal.archive;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds names in one archive that are the same file on some disk: equal, equal but for case or for
 * Unicode's ways to write an accent, or a file where another name needs a folder.
 */
final class EntryNames {
  private enum Kind {
    FILE,
    FOLDER,
    /** A folder that only other names speak of. */
    IMPLIED
  }

  private final Path zip;
  private final Map<String, Kind> seen = new HashMap<>();

  EntryNames(Path zip) {
    this.zip = zip;
  }

  void add(String name, boolean folder) {
    String folded = fold(name);
    for (int slash = folded.indexOf('/'); slash >= 0; slash = folded.indexOf('/', slash + 1)) {
      if (seen.putIfAbsent(folded.substring(0, slash), Kind.IMPLIED) == Kind.FILE) {
        throw clash(name, "needs a folder where another entry is a file");
      }
    }
    Kind before = seen.put(folded, folder ? Kind.FOLDER : Kind.FILE);
    if (before != null && !(folder && before == Kind.IMPLIED)) {
      throw clash(
          name,
          folder == (before != Kind.FILE)
              ? "is there twice, or differs from another only in upper and lower case"
              : "is both a file and a folder");
    }
  }

  private RuntimeException clash(String name, String why) {
    return Refusal.unsafe(zip, name, why);
  }

  private static String fold(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  /** Returns what makes a name unsafe on another system, as the end of a sentence, or empty. */
  static Optional<String> unsafeElsewhere(String name) {
    if (name.indexOf('\\') >= 0) {
      return Optional.of("contains a backslash, which separates folders on other systems");
    }
    if (name.length() > 1 && name.charAt(1) == ':' && Character.isLetter(name.charAt(0))) {
      return Optional.of("names a drive");
    }
    return Optional.empty();
  }
}
