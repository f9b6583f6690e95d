package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.internal.Keys;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Images of the container engine. All jobs of a run get the same one, though its tag may move: what
 * the plan pins, or else what the first worker finds and writes down for the others. Thread-safe.
 */
final class ContainerImages {
  private static final Duration PULL = Duration.ofMinutes(30);
  private static final int REMEMBERED = 256;
  private static final Pattern NEVER =
      Pattern.compile(
          "(?i)not found|does not exist|denied|unauthorized|unknown|invalid|no such host|not known");

  /**
   * An image that is there.
   *
   * @param reference what the engine is to call it
   * @param command what it runs if the algorithm names no command; empty: its own entry point
   */
  record Ready(String reference, List<String> command) {}

  /**
   * An image that a worker was added to.
   *
   * @param passed its variables that the worker passes on to the algorithm
   * @param root whether its worker is root, unless told otherwise
   */
  record WithWorker(Ready image, Map<String, String> passed, boolean root) {}

  private final ContainerEngine engine;
  private final ObjectStore store;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Map<String, Ready> ready =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Ready> eldest) {
              return size() > REMEMBERED;
            }
          });

  /**
   * Creates it.
   *
   * @param store where runs keep which image they use
   */
  ContainerImages(ContainerEngine engine, ObjectStore store) {
    this.engine = engine;
    this.store = store;
  }

  /** Returns an image as it is here at this moment; empty if it is not here. */
  static Optional<ImageFacts> look(ContainerEngine engine, String image)
      throws IOException, JobProblem, InterruptedException {
    Tool.Result result = engine.run("image", "inspect", "--format", ImageFacts.FORMAT, image);
    try {
      return result.ok()
          ? Optional.of(ImageFacts.parse(answer(result.output()), image))
          : Optional.empty();
    } catch (BackendException e) {
      throw JobProblem.permanent(
          "the container engine's answer about image '%s' is not understood: %s"
              .formatted(image, LogText.shorten(result.output())));
    }
  }

  /** Returns the answer without what the engine warns of before it. */
  private static String answer(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith("{"))
        .reduce((first, last) -> last)
        .orElse(output);
  }

  /**
   * Makes sure that an attempt's image is there, pulling it if need be, and that it holds the
   * algorithm's executable.
   *
   * @param notes hears what is waited for
   */
  Ready prepare(Attempt attempt, String image, Consumer<String> notes)
      throws IOException, JobProblem, InterruptedException {
    @Nullable String executable = attempt.algorithm().executablePath();
    String key = attempt.run() + ' ' + image + ' ' + executable;
    Ready known = ready.get(key);
    if (known != null) {
      return known;
    }
    ReentrantLock lock = locks.computeIfAbsent(image, any -> new ReentrantLock());
    if (!lock.tryLock()) {
      notes.accept("waiting for image " + image);
      lock.lockInterruptibly();
    }
    try {
      known = ready.get(key);
      if (known == null) {
        known = find(attempt, image, notes);
        if (executable != null && !executable.isBlank()) {
          checkExecutable(known.reference(), image, executable);
        }
        ready.put(key, known);
      }
      return known;
    } finally {
      lock.unlock();
      notes.accept("");
    }
  }

  /** Forgets an image that has gone. */
  void forget(String image) {
    synchronized (ready) {
      ready.keySet().removeIf(key -> key.contains(' ' + image + ' '));
    }
  }

  /** Returns an image if a worker was added to it; pulls it if need be. */
  Optional<WithWorker> wrapped(String image, Consumer<String> notes)
      throws IOException, JobProblem, InterruptedException {
    ImageFacts facts = fetched(image, image, notes);
    return facts.wrapped()
        ? Optional.of(
            new WithWorker(
                new Ready(pin(image, facts), facts.ownCommand(image)),
                facts.passed(),
                facts.root()))
        : Optional.empty();
  }

  private Ready find(Attempt attempt, String image, Consumer<String> notes)
      throws IOException, JobProblem, InterruptedException {
    @Nullable String pin = attempt.algorithm().imagePin();
    String pinKey = new Keys(attempt.run(), 1).image(image);
    if (pin == null) {
      pin = store.read(pinKey).map(ContainerImages::text).orElse(null);
    }
    if (pin == null) {
      String ours = pin(image, fetched(image, image, notes));
      pin =
          store.putIfAbsent(pinKey, Content.of(ours))
              ? ours
              : store.read(pinKey).map(ContainerImages::text).orElse(ours);
    }
    ImageFacts facts = fetched(pin, image, notes);
    return new Ready(pin, facts.wrapped() ? facts.ownCommand(image) : List.of());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Returns what to call an image so that it is this one for ever. */
  static String pin(String image, ImageFacts facts) {
    return image.contains("@sha256:") ? image : facts.digest(image).orElse(facts.id());
  }

  private ImageFacts fetched(String reference, String image, Consumer<String> notes)
      throws IOException, JobProblem, InterruptedException {
    Optional<ImageFacts> there = look(engine, reference);
    if (there.isPresent()) {
      return there.get();
    }
    if (!reference.equals(image) && reference.indexOf('@') < 0) {
      throw JobProblem.permanent(
          "image '%s' of this run (%s) is not on this machine, and no registry has it. Run its jobs where it was submitted, or submit again to use the image of today."
              .formatted(image, reference));
    }
    PullProgress progress = new PullProgress(image, notes);
    // Docker takes a name without a registry for one of Docker Hub; podman, for one of no registry.
    String whole = engine.isPodman() ? ImageFacts.whole(reference) : reference;
    Tool.Result pull = engine.run(List.of("pull", whole), PULL, progress::line);
    if (!pull.ok()) {
      String reason =
          "image '%s' is not on this machine and could not be pulled: %s. Check its name, pull it by hand, or build it here."
              .formatted(image, pull.lastLine());
      throw NEVER.matcher(pull.output()).find()
          ? JobProblem.permanent(reason)
          : JobProblem.passing(reason);
    }
    return look(engine, reference)
        .orElseThrow(
            () ->
                JobProblem.passing(
                    "image '" + image + "' was pulled, but the container engine does not have it"));
  }

  private void checkExecutable(String reference, String image, String executable)
      throws IOException, JobProblem, InterruptedException {
    String name = "yunpipe-check-" + UUID.randomUUID();
    Path copy = Files.createTempDirectory("yunpipe-check-");
    try {
      // Nothing is started, and the image need not have a shell.
      Tool.Result created = engine.run("create", "--name", name, reference, "yunpipe-check");
      Tool.Result copied = engine.run("cp", name + ":" + executable, copy + "/executable");
      if (!created.ok() || !copied.ok()) {
        throw JobProblem.permanent(
            "image '%s' does not hold the executable %s: %s"
                .formatted(
                    image, executable, created.ok() ? copied.lastLine() : created.lastLine()));
      }
    } finally {
      engine.run("rm", "--force", name);
      FileTrees.delete(copy);
    }
  }
}
