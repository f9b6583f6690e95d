package io.yunpipe.cli;

import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Catalogue;
import io.yunpipe.config.Description;
import io.yunpipe.config.Digests;
import io.yunpipe.config.Published;
import io.yunpipe.config.Settings;
import io.yunpipe.config.SharedCatalogue;
import io.yunpipe.config.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the newest image of each algorithm is: in the shared catalogue, or in this user's own. */
final class NewestImages implements AutoCloseable {
  /** How far back a version is looked for by its digest. */
  private static final int LOOKED_AT = 50;

  private final @Nullable SharedCatalogue shared;
  private final Map<String, Optional<Newest>> found = new HashMap<>();

  /**
   * The newest image of an algorithm.
   *
   * @param version its version, or null if it has none
   * @param image its name with its digest
   */
  record Newest(@Nullable Version version, String image) {
    String digest() {
      return Digests.of(image).orElseThrow();
    }
  }

  NewestImages(Settings settings) {
    shared =
        settings.text(SharedCatalogue.SETTING).orElse("").isEmpty()
            ? null
            : SharedCatalogue.open(settings);
  }

  /** Returns where it looks. */
  String place() {
    return shared == null ? Catalogue.userFolder().toString() : shared.location();
  }

  /** Returns the newest image, or empty if no image with a digest is known for the algorithm. */
  Optional<Newest> of(String algorithm) {
    return found.computeIfAbsent(
        algorithm, name -> shared == null ? ofUser(name) : ofShared(shared, name));
  }

  private static Optional<Newest> ofShared(SharedCatalogue shared, String name) {
    return shared.newest(name).map(entry -> new Newest(entry.version(), entry.image()));
  }

  private static Optional<Newest> ofUser(String name) {
    Optional<Description> described = Catalogue.ofUser().find(name).map(AlgorithmFile::describe);
    return described
        .flatMap(description -> description.algorithm().image())
        .filter(image -> Digests.of(image).isPresent())
        .map(image -> new Newest(described.orElseThrow().about().version(), image));
  }

  /** Returns the version that has a digest, if it is one of the last in the shared catalogue. */
  Optional<Version> version(String algorithm, String digest) {
    if (shared == null) {
      return Optional.empty();
    }
    List<Version> versions = shared.versions(algorithm);
    for (int i = versions.size() - 1; i >= 0 && i >= versions.size() - LOOKED_AT; i--) {
      Published entry = shared.get(algorithm, versions.get(i));
      if (entry.digest().equals(digest)) {
        return Optional.of(entry.version());
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    if (shared != null) {
      shared.close();
    }
  }
}
