package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.ImageFinder;
import io.yunpipe.spi.JobQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of this program as a backend has them: started when they are first asked for, woken
 * by what this program sends, with folders of their own. Thread-safe.
 */
public final class ProgramWorkers implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(ProgramWorkers.class);

  private final Backend backend;
  private final BackendContext context;
  private final Supplier<ThreadSettings> threads;
  private final Duration lease;
  private final String containerEngine;
  private final ContainerEngine engine;
  private final ProgramScratch scratch;
  private @Nullable ThreadCompute compute;

  /**
   * Creates it; starts nothing.
   *
   * @param backend whose store and queues they use
   * @param context gives the Java functions and the clock
   * @param threads what they may take; asked for when they start
   * @param lease how long a silent worker keeps a message
   * @param containerEngine what runs images
   * @param scratch folder that programs of this machine share for the folders of attempts
   */
  public ProgramWorkers(
      Backend backend,
      BackendContext context,
      Supplier<ThreadSettings> threads,
      Duration lease,
      String containerEngine,
      Path scratch) {
    this.backend = backend;
    this.context = context;
    this.threads = threads;
    this.lease = lease;
    this.containerEngine = containerEngine;
    this.engine = new ContainerEngine(containerEngine);
    this.scratch = new ProgramScratch(scratch);
  }

  /** Removes what programs that have ended left. */
  public void removeLeftovers() {
    scratch.removeLeftovers();
  }

  /**
   * Returns an image as it is now: on this machine, or else in its registry.
   *
   * @param ids whether an image that came from no registry has an answer, which other machines do
   *     not understand
   * @return empty if it is in neither, or that cannot be told
   */
  public Optional<String> pin(String image, boolean ids) {
    if (image.contains("@sha256:")) {
      return Optional.of(image);
    }
    try {
      Optional<ImageFacts> there = ContainerImages.look(engine, image);
      if (there.isEmpty()) {
        return ImageFinder.installed()
            .flatMap(source -> source.find(image))
            .map(found -> ImageFinder.pinned(image, found.digest()));
      }
      return there.flatMap(
          facts -> ids ? Optional.of(ContainerImages.pin(image, facts)) : facts.digest(image));
    } catch (IOException | JobProblem | BackendException | IllegalArgumentException e) {
      logger.debug("Image not looked at: image={}", image, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /** Returns a queue that wakes the workers. */
  public JobQueue waking(JobQueue queue) {
    return new NotifyingQueue(queue, this::wake);
  }

  private synchronized void wake() {
    if (compute != null) {
      compute.wake();
    }
  }

  /** Returns the workers; the same each time. */
  public synchronized Compute compute() {
    if (compute == null) {
      Workplace place =
          Workplace.over(
              backend,
              context,
              ExecutorSettings.DEFAULT.withEngine(containerEngine),
              lease,
              scratch.ofThisProgram());
      compute = new ThreadCompute(threads.get(), place.worker(), place.executor(), place.leases());
    }
    return compute;
  }

  /** Stops the workers, which give back what they hold, and removes their folders. */
  @Override
  public void close() {
    ThreadCompute running;
    synchronized (this) {
      running = compute;
    }
    if (running != null) {
      running.close();
    }
    scratch.close();
  }
}
