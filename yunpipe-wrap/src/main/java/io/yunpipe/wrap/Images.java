package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import java.util.Optional;

/** Looks at images wherever they are, without pulling them. */
public final class Images {
  private Images() {}

  /**
   * Looks at an image.
   *
   * @param source a reference such as {@code ubuntu:24.04}, {@code oci:FOLDER[:TAG]}, {@code
   *     tar:FILE} or {@code engine:NAME[:TAG]}
   * @throws IllegalArgumentException if it is none of these
   * @throws io.yunpipe.BackendException if there is no such image, it may not be read, it is not
   *     understood, or the registry cannot be reached
   */
  public static ImageView look(String source) {
    Source from = Source.of(source);
    return find(from)
        .orElseThrow(
            () ->
                new BackendException("Could not read " + from + ": there is no such image", null));
  }

  /**
   * As {@link #look}, empty if there is no such image.
   *
   * @throws IllegalArgumentException if it names no image
   * @throws io.yunpipe.BackendException if that cannot be told
   */
  public static Optional<ImageView> find(String source) {
    return find(Source.of(source));
  }

  private static Optional<ImageView> find(Source source) {
    ImageSource from = Sources.ofUser().open(source);
    return from instanceof EngineSource engine ? EngineView.of(engine) : DefaultImageView.of(from);
  }
}
