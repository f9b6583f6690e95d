package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what is meant by a name that says nothing of where the image is. One that was built or
 * loaded here counts before one of the same name in a registry, as in runs. Of one that was pulled
 * the registry is asked what the tag is now; the copy here counts only if there is no answer.
 */
final class NearestImage {
  private static final Logger logger = LoggerFactory.getLogger(NearestImage.class);

  private final String named;
  private final ImageReference image;
  private final Sources sources;
  private final Optional<EngineProgram> engine;
  private final Consumer<String> notes;

  /**
   * Creates it.
   *
   * @param named as the user wrote it; engines read short names otherwise than registries
   */
  NearestImage(
      String named, Sources sources, Optional<EngineProgram> engine, Consumer<String> notes) {
    this.named = named;
    this.image = ImageReference.parse(named);
    this.sources = sources;
    this.engine = engine;
    this.notes = notes;
  }

  /**
   * Finds it.
   *
   * @throws BackendException if the registry cannot tell, and the engine has none of that name
   */
  Optional<ImageView> find() {
    Optional<EngineView> local = inEngine();
    if (local.isPresent() && copied(local.get()).isEmpty()) {
      return Optional.of(local.get());
    }
    Optional<DefaultImageView> found;
    try {
      found = DefaultImageView.of(sources.open(new Source.Registry(image)));
    } catch (BackendException e) {
      if (local.isEmpty()) {
        throw e;
      }
      notes.accept("The copy of " + image + " on this machine is taken: " + e.getMessage());
      return Optional.of(local.get());
    }
    if (local.isEmpty()) {
      return found.map(view -> view);
    }
    return Optional.of(nearer(local.get(), found));
  }

  private ImageView nearer(EngineView local, Optional<DefaultImageView> found) {
    List<String> copied = copied(local);
    if (found.isEmpty()) {
      notes.accept(
          "The copy of " + image + " on this machine is taken: its registry has no such image");
      return local;
    }
    DefaultImageView there = found.get();
    // Some engines have digests of what they built, too; then no registry knows them.
    boolean pulled =
        image.digest().isPresent()
            || copied.contains(there.digest())
            || copied.stream()
                .anyMatch(digest -> sources.repository(image).manifest(digest).isPresent());
    if (pulled) {
      return there;
    }
    notes.accept(
        image + " of this machine is taken, which is another than the one in its registry");
    return local;
  }

  /** Returns the digests that an image of the engine has, or may have, in the registry. */
  private List<String> copied(EngineView local) {
    return local.repoDigests().stream()
        .filter(name -> name.contains("@") && !name.startsWith("<none>"))
        .map(ImageReference::parse)
        .filter(name -> name.name().equals(image.name()))
        .flatMap(name -> name.digest().stream())
        .toList();
  }

  private Optional<EngineView> inEngine() {
    try {
      return engine.flatMap(
          program -> EngineView.of(new EngineSource(named, program, sources.traffic())));
    } catch (BackendException e) {
      // Many machines have an engine that does not run; what the registry says tells more.
      logger.debug("Not asked: engine of this machine: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
