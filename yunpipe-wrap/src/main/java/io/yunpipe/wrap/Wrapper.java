package io.yunpipe.wrap;

import io.yunpipe.Algorithm;
import io.yunpipe.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds the worker to an algorithm's image: one layer with a small Java and the worker below {@code
 * /opt/yunpipe}, and an entry point that starts it. The layers of the image itself are neither
 * pulled nor pushed if both images live in one registry. The same input makes the same digest.
 * Setters check their value at once; not thread-safe.
 */
public final class Wrapper {
  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  private final Algorithm algorithm;
  private Source base;
  private String version = "";
  private @Nullable String description;
  private @Nullable String user;
  private @Nullable Path runner;
  private final Map<String, Path> runtimes = new TreeMap<>();
  private Path jmods = home().resolve("jmods");
  private Path cache = home().resolve("cache");
  private WrapListener listener = WrapListener.none();

  private Wrapper(Algorithm algorithm, Source base) {
    this.algorithm = algorithm;
    this.base = base;
  }

  /**
   * Starts with an algorithm's image.
   *
   * @throws InvalidInputException if the algorithm has none
   */
  public static Wrapper wrap(Algorithm algorithm) {
    String image =
        algorithm
            .image()
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "Could not wrap algorithm '"
                            + algorithm.name()
                            + "': it has no image. Name one (container_name), or run it as it is:"
                            + " commands and functions need no wrapping"));
    return new Wrapper(algorithm, Source.of(image));
  }

  /** Sets the image to wrap instead of the algorithm's. */
  public Wrapper base(ImageReference image) {
    base = new Source.Registry(image);
    return this;
  }

  /**
   * Sets the image to wrap instead of the algorithm's.
   *
   * @param source a reference, {@code oci:FOLDER[:TAG]}, {@code tar:FILE} or {@code
   *     engine:NAME[:TAG]}
   */
  public Wrapper base(String source) {
    base = Source.of(source);
    return this;
  }

  /** Sets the algorithm's version, for the label; default none. */
  public Wrapper version(String text) {
    version = text;
    return this;
  }

  /**
   * Sets what describes the algorithm, whose digest becomes a label: an image made of another
   * description is another image; default none.
   */
  public Wrapper description(String text) {
    description = Digest.of(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Sets who the container runs as, as in {@code USER}; default the base's. */
  public Wrapper user(String nameOrId) {
    if (nameOrId.isBlank() || nameOrId.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException(
          "user must be a name or number such as 1000 or 1000:1000, but was \"" + nameOrId + "\"");
    }
    user = nameOrId;
    return this;
  }

  /** Sets the worker's program, a jar; default the one that yunpipe-all brings. */
  public Wrapper runner(Path jar) {
    runner = jar;
    return this;
  }

  /**
   * Sets the folder that has modules of Java for other processors in folders {@code amd64} and
   * {@code arm64}; default {@code ~/.yunpipe/jmods}.
   *
   * @throws IllegalArgumentException if it has neither
   */
  public Wrapper runtimes(Path folder) {
    if (ARCHITECTURES.stream().noneMatch(name -> Files.isDirectory(folder.resolve(name)))) {
      throw new IllegalArgumentException(
          "jmods must be a folder with amd64 or arm64 in it, with modules of a JDK for that"
              + " processor, but was \""
              + folder
              + "\"");
    }
    jmods = folder;
    return this;
  }

  /**
   * Sets where modules of Java for other processors are: folders {@code jmods} of the same JDK
   * version as this program's up to the second number, by architecture such as {@code arm64}; these
   * count more than those of {@link #runtimes(Path)}.
   */
  public Wrapper runtimes(Map<String, Path> byArchitecture) {
    runtimes.putAll(byArchitecture);
    return this;
  }

  /** Sets the folder that keeps what is made once; default {@code ~/.yunpipe/cache}. */
  public Wrapper cache(Path folder) {
    cache = folder;
    return this;
  }

  /** Sets who hears what is done. */
  public Wrapper listener(WrapListener hears) {
    listener = hears;
    return this;
  }

  private static Path home() {
    return Path.of(System.getProperty("user.home", ""), ".yunpipe");
  }

  private Map<String, Path> modules() {
    Map<String, Path> all = new TreeMap<>();
    for (String architecture : ARCHITECTURES) {
      Path folder = jmods.resolve(architecture);
      if (Files.isDirectory(folder)) {
        all.put(architecture, folder);
      }
    }
    all.putAll(runtimes);
    return all;
  }

  /**
   * Wraps the image.
   *
   * @param target a registry's reference, {@code oci:FOLDER[:TAG]}, {@code tar:FILE} or {@code
   *     engine:NAME[:TAG]}
   * @throws IllegalArgumentException if it is none of these
   * @throws InvalidInputException if the image cannot be wrapped: no glibc, no Java for its
   *     processor, a manifest that is not understood
   * @throws io.yunpipe.BackendException if the image cannot be read or written
   */
  public Wrapped to(String target) {
    Source to = Source.of(target);
    Sources sources = Sources.ofUser();
    String archiveName = algorithm.name() + ":" + (version.isEmpty() ? "latest" : version);
    try (ImageSource from = open(sources, to instanceof Source.Registry);
        ImageTarget written = sources.target(to, archiveName, listener)) {
      Wrapping.Done done = new Wrapping(order(), from, written, new LayerCache(cache)).run();
      return new Wrapped(
          to.toString(),
          done.top().digest(),
          done.parts().stream().map(Wrapping.Part::platform).toList(),
          done.base(),
          done.parts().get(0).layer().size(),
          sources.traffic().sent(),
          sources.traffic().received());
    }
  }

  /**
   * Returns the digest of the image that {@link #to} would write into a registry now. Reads what it
   * must of the image, and writes nothing but what this machine keeps.
   *
   * @throws InvalidInputException if the image cannot be wrapped
   * @throws io.yunpipe.BackendException if the image cannot be read
   */
  public String digest() {
    try (ImageSource from = open(Sources.ofUser(), true);
        ImageTarget nowhere = new Nowhere()) {
      return new Wrapping(order(), from, nowhere, new LayerCache(cache)).run().top().digest();
    }
  }

  private ImageSource open(Sources sources, boolean forRegistry) {
    ImageSource opened = sources.open(base);
    return forRegistry && !(base instanceof Source.Registry) ? new PackedSource(opened) : opened;
  }

  private Wrapping.Order order() {
    Runner program = runner == null ? Runner.brought() : Runner.of(runner);
    return new Wrapping.Order(
        algorithm.name(), version, description, user, program, modules(), listener);
  }
}
