package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import java.util.Optional;
import java.util.function.Consumer;

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

  /**
   * Finds what is meant by a name that says nothing of where the image is: what was built or loaded
   * on this machine, or else what the name is in its registry now; what was pulled once counts only
   * if the registry does not answer.
   *
   * @param source as {@link #look} takes it; what says where it is, is looked for there
   * @param notes hears a sentence if the choice may surprise
   * @throws IllegalArgumentException if it names no image
   * @throws io.yunpipe.BackendException if that cannot be told
   */
  public static Optional<ImageView> nearest(String source, Consumer<String> notes) {
    Source from = Source.of(source);
    return from instanceof Source.Registry
        ? new NearestImage(source, Sources.ofUser(), EngineProgram.look(), notes).find()
        : find(from);
  }

  /**
   * Returns whether a tag is taken in its registry, as who may push there is told: of repositories
   * that are not there yet, some registries tell nobody else.
   *
   * @throws io.yunpipe.BackendException if that cannot be told; then nothing could be pushed either
   */
  public static boolean isTaken(ImageReference image) {
    return Sources.ofUser().repository(image).digest(image.wanted()).isPresent();
  }

  private static Optional<ImageView> find(Source source) {
    ImageSource from = Sources.ofUser().open(source);
    return from instanceof EngineSource engine
        ? EngineView.of(engine).map(view -> view)
        : DefaultImageView.of(from).map(view -> view);
  }
}
