package io.yunpipe.cli;

import io.yunpipe.InvalidInputException;
import io.yunpipe.config.Published;
import io.yunpipe.config.SharedCatalogue;
import io.yunpipe.config.Version;
import org.jspecify.annotations.Nullable;

/**
 * An algorithm of a shared catalogue, as users write it.
 *
 * @param name its name
 * @param version its version, or null for the newest
 */
record AlgorithmChoice(String name, @Nullable Version version) {
  /** Reads {@code NAME} or {@code NAME:VERSION}. */
  static AlgorithmChoice of(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new AlgorithmChoice(text, null)
        : new AlgorithmChoice(text.substring(0, colon), new Version(text.substring(colon + 1)));
  }

  Published in(SharedCatalogue shared) {
    return version != null
        ? shared.get(name, version)
        : shared
            .newest(name)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "There is no algorithm "
                            + name
                            + " in "
                            + shared.location()
                            + ". 'yunpipe algorithms list --shared' tells what there is."));
  }
}
