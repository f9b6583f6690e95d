package io.yunpipe.internal.archive;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Words the refusals of an archive: which archive, which entry, why, what to do. */
final class Refusal {
  private static final String REPACK =
      "Make the archive again with plain files and relative names, all different.";
  private static final String RAISE =
      "If you trust the archive, raise this limit, or unpack it yourself and submit the folder.";
  private static final String FETCH = "Check or fetch the archive again.";

  private Refusal() {}

  /** An entry that no well-meant archive needs. */
  static InvalidInputException unsafe(Path zip, String entry, String why) {
    return entry(zip, entry, why, REPACK, null);
  }

  /** An entry or an archive beyond a limit. */
  static InvalidInputException overLimit(Path zip, @Nullable String entry, String why) {
    return entry == null
        ? new InvalidInputException(
            "Refused the archive " + Quoted.of(zip) + ": it " + why + ". " + RAISE)
        : entry(zip, entry, why, RAISE, null);
  }

  /** An entry whose bytes are not what the archive says. */
  static InvalidInputException damaged(
      Path zip, String entry, String why, @Nullable Throwable cause) {
    return entry(zip, entry, why, FETCH, cause);
  }

  /** A file that is not a readable zip. */
  static InvalidInputException notZip(Path zip, String why, @Nullable Throwable cause) {
    return new InvalidInputException(
        "Could not read " + Quoted.of(zip) + " as a zip: " + why + ". " + FETCH, cause);
  }

  /** An entry that is refused for any reason. */
  static InvalidInputException entry(
      Path zip, String entry, String why, String remedy, @Nullable Throwable cause) {
    return new InvalidInputException(
        "Refused the archive "
            + Quoted.of(zip)
            + ": its entry "
            + Quoted.of(entry)
            + " "
            + why
            + ". "
            + remedy,
        cause);
  }
}
