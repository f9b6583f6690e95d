package io.yunpipe.cli;

import io.yunpipe.Algorithm;
import io.yunpipe.config.About;
import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Description;
import io.yunpipe.config.Digests;
import io.yunpipe.config.Version;
import io.yunpipe.wrap.ImageReference;
import io.yunpipe.wrap.ImageView;
import io.yunpipe.wrap.Images;
import io.yunpipe.wrap.Labels;
import io.yunpipe.wrap.Platform;
import io.yunpipe.wrap.WrapListener;
import io.yunpipe.wrap.Wrapped;
import io.yunpipe.wrap.Wrapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One image to wrap. */
final class WrapJob {
  private static final String ENGINE = "engine:";

  private final DescribedAlgorithm described;
  private final String base;
  private final ImageView image;
  private final String target;
  private final Version version;
  private final Optional<Description> before;

  private WrapJob(
      DescribedAlgorithm described,
      String base,
      ImageView image,
      String target,
      Version version,
      Optional<Description> before) {
    this.described = described;
    this.base = base;
    this.image = image;
    this.target = target;
    this.version = version;
    this.before = before;
  }

  /**
   * How images are made.
   *
   * @param runAs who containers run as; null as the base says
   * @param worker the worker's program; null for the one that yunpipe-all brings
   * @param jmods modules of Java for other processors; null for those of this user
   */
  record Terms(@Nullable String runAs, @Nullable Path worker, @Nullable Path jmods) {}

  /**
   * Looks at an algorithm's image and chooses the names.
   *
   * @throws IllegalArgumentException with what keeps it from being wrapped
   */
  static WrapJob plan(DescribedAlgorithm described, WrapTargetOptions options) {
    Description description = described.description();
    Algorithm algorithm = description.algorithm();
    String named =
        algorithm
            .image()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        algorithm.name()
                            + " has no image (container_name); a command of this machine needs no"
                            + " wrapping"));
    // Whose image is wrapped already is wrapped anew, from what the tag of its base is now.
    String before = description.about().base();
    String base = before.isEmpty() ? named : tagged(before);
    ImageView image = look(base);
    if (before.isEmpty() && image.isWrapped()) {
      base = tagged(image.config().labels().getOrDefault(Labels.BASE, ""));
      if (ImageCheck.ofThisMachine(base)) {
        throw new IllegalArgumentException(
            named
                + " is wrapped already, from an image of one machine ("
                + Messages.printed(base)
                + "); name the image that it was made from");
      }
      image = look(base);
    }
    Optional<Description> last = last(described);
    Version version =
        options
            .version()
            .or(() -> last.map(it -> it.about().version()).map(Version::next))
            .or(() -> Optional.ofNullable(description.about().version()))
            .orElse(Version.FIRST);
    if (options.whole().isPresent()) {
      return new WrapJob(described, base, image, options.whole().get(), version, Optional.empty());
    }
    // What only an engine has came from no registry.
    boolean pushed = !before.isEmpty() && Digests.of(named).isPresent();
    String repository =
        options.repository(algorithm.name(), pushed ? ImageReference.parse(named).name() : null);
    Optional<Description> there = last.filter(it -> isIn(repository, it));
    if (options.version().isEmpty()) {
      version = free(repository, version);
    } else {
      there = Optional.empty();
    }
    return new WrapJob(described, base, image, repository + ":" + version, version, there);
  }

  private static boolean isIn(String repository, Description wrapped) {
    return wrapped
        .algorithm()
        .image()
        .filter(image -> Digests.of(image).isPresent())
        .filter(image -> ImageReference.parse(image).name().equals(repository))
        .isPresent();
  }

  private static ImageView look(String base) {
    return ImageCheck.find(base)
        .orElseThrow(
            () -> new IllegalArgumentException("there is no image " + base + " that you can read"));
  }

  /** Returns the name without its digest, if a tag is left to say what is meant. */
  private static String tagged(String pinned) {
    int at = pinned.indexOf('@');
    String name = at < 0 ? pinned : pinned.substring(0, at);
    return name.lastIndexOf(':') > name.lastIndexOf('/') ? name : pinned;
  }

  /** Returns what says which image was wrapped last. */
  private static Optional<Description> last(DescribedAlgorithm described) {
    return Optional.of(described.description())
        .filter(own -> !own.about().base().isEmpty())
        .or(() -> kept(described).filter(kept -> !kept.about().base().isEmpty()));
  }

  private static Optional<Description> kept(DescribedAlgorithm described) {
    Path file = described.kept();
    return Files.isRegularFile(file) ? Optional.of(AlgorithmFile.describe(file)) : Optional.empty();
  }

  /** Tags are left as they are: who uses one must not find another image under it. */
  private static Version free(String repository, Version first) {
    Version version = first;
    while (Images.isTaken(ImageReference.parse(repository + ":" + version))) {
      version = version.next();
    }
    return version;
  }

  Description description() {
    return described.description();
  }

  String name() {
    return description().algorithm().name();
  }

  Path kept() {
    return described.kept();
  }

  /** Returns what the algorithm needs that the image has not. */
  List<String> missing() {
    return ImageCheck.missing(image, description().algorithm());
  }

  /** Returns whether what is kept under its name is neither this nor made of this. */
  boolean replacesAnother() {
    return kept(described)
        .filter(there -> there.about().base().isEmpty())
        .filter(there -> !AlgorithmFile.json(there).equals(AlgorithmFile.json(description())))
        .isPresent();
  }

  /** Returns the image that was made last, if the same would be made now. */
  Optional<Wrapped> current(Terms terms, WrapListener listener) {
    String pinned = before.flatMap(it -> it.algorithm().image()).orElse("");
    Optional<ImageView> there = pinned.isEmpty() ? Optional.empty() : Images.find(pinned);
    if (there.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> labels = there.get().config().labels();
    // A base of the engine takes long to read.
    boolean same =
        labels.getOrDefault(Labels.BASE_DIGEST, "").equals(image.digest())
            && wrapper(labels.getOrDefault(Labels.VERSION, ""), terms)
                .listener(listener)
                .digest()
                .equals(there.get().digest());
    return there
        .filter(view -> same)
        .map(
            view ->
                new Wrapped(
                    pinned,
                    view.digest(),
                    view.platforms(),
                    labels.getOrDefault(Labels.BASE, ""),
                    0,
                    0,
                    0));
  }

  Wrapped run(Terms terms, WrapListener listener) {
    return wrapper(version.text(), terms).listener(listener).to(target);
  }

  private Wrapper wrapper(String as, Terms terms) {
    Wrapper wrapper =
        Wrapper.wrap(description().algorithm())
            .base(image.source())
            .version(as)
            .description(needs(description()));
    if (terms.runAs() != null) {
      wrapper.user(terms.runAs());
    }
    if (terms.worker() != null) {
      wrapper.runner(terms.worker());
    }
    if (terms.jmods() != null) {
      wrapper.runtimes(terms.jmods());
    }
    return wrapper;
  }

  /** Returns what is described but for what wrapping and publishing add. */
  private static String needs(Description description) {
    return AlgorithmFile.json(description.withImage("any").withAbout(About.NOTHING));
  }

  /** Returns the image as a run should name it. */
  String result(Wrapped made) {
    if (target.startsWith(ENGINE)) {
      return target.substring(ENGINE.length());
    }
    return made.pinned().contains("@") ? made.pinned() : made.image() + "@" + made.digest();
  }

  /**
   * Returns what {@code --json} prints.
   *
   * @param isNew whether it was made now
   */
  Object json(Wrapped made, boolean isNew) {
    @Nullable Version now =
        isNew ? version : before.map(Description::about).map(About::version).orElse(null);
    return JsonText.map(
        "name", name(),
        "version", String.valueOf(now),
        "new", isNew,
        "image", result(made),
        "digest", made.digest(),
        "base", made.base(),
        "platforms", made.platforms().stream().map(Platform::toString).toList(),
        "layerBytes", made.layerBytes(),
        "bytesSent", made.bytesSent(),
        "bytesReceived", made.bytesReceived());
  }

  /** Writes the wrapped image into this user's catalogue, where workflows find it. */
  void keep(Wrapped made) {
    Messages.say(
        "  "
            + made.digest()
            + "; "
            + Messages.bytes(made.layerBytes())
            + " added, "
            + Messages.bytes(made.bytesSent())
            + " sent, "
            + Messages.bytes(made.bytesReceived())
            + " received");
    if (target.startsWith("oci:") || target.startsWith("tar:")) {
      Messages.say(
          "  Not kept in the catalogue: no pipeline can run an image from a folder or file. Push or"
              + " load it, then describe it by its new name.");
      return;
    }
    About about = description().about().withVersion(version).withBase(pinnedBase(made));
    AlgorithmFile.write(description().withImage(result(made)).withAbout(about), kept());
    Messages.say("  " + name() + " " + version + " is kept in " + kept());
  }

  /** Returns the base by tag and digest: what it was, and what to look for when it is renewed. */
  private String pinnedBase(Wrapped made) {
    int at = made.base().indexOf('@');
    boolean local = ImageCheck.ofThisMachine(base) || ImageCheck.ofThisMachine(image.source());
    return local || base.contains("@") || at < 0
        ? base
        : ImageReference.parse(base) + made.base().substring(at);
  }

  @Override
  public String toString() {
    return ImageCheck.summary(image) + "\n   as " + target;
  }
}
