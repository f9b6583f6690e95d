package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.JobFunction;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes attempts on this machine: commands as processes, images through docker or podman, Java
 * functions in this program. Each attempt runs in the thread that asks for it. Thread-safe.
 *
 * <p>What a job costs beyond its process is kept small: folders are made and inputs copied only if
 * the command names them ({@code $input}, {@code $output}), and a function that gets its input
 * inline and writes little touches no file at all.
 *
 * <p>A command on the host runs in an empty folder that is also its {@code HOME}, with {@code PATH}
 * (the host's, and last the running JDK), {@code TMPDIR}, {@code LANG}, {@code LC_ALL}, its
 * variables and {@code YUNPIPE_ATTEMPT} as its whole environment. Its cores and memory are not
 * limited; a container's are.
 */
public final class DefaultJobExecutor implements JobExecutor {
  private static final Logger logger = LoggerFactory.getLogger(DefaultJobExecutor.class);

  private final ObjectStore store;
  private final Map<String, JobFunction> functions;
  private final ExecutorSettings settings;
  private final HostSettings host;
  private final Programs programs = new Programs();
  private final ContainerEngine engine;
  private final ScratchPool scratches = new ScratchPool();
  private final Map<String, Running> active = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "yunpipe-function");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean closed;

  /**
   * Creates it.
   *
   * @param store where inputs are read
   * @param functions Java functions by algorithm name; looked up at each attempt, so it may grow
   */
  public DefaultJobExecutor(
      ObjectStore store, Map<String, JobFunction> functions, ExecutorSettings settings) {
    this(store, functions, settings, HostSettings.PLAIN);
  }

  DefaultJobExecutor(
      ObjectStore store,
      Map<String, JobFunction> functions,
      ExecutorSettings settings,
      HostSettings host) {
    this.store = store;
    this.functions = functions;
    this.settings = settings;
    this.host = host;
    engine = new ContainerEngine(settings.containerEngine());
  }

  @Override
  public Execution execute(Attempt attempt) throws InterruptedException {
    Running running = new Running(attempt);
    if (active.putIfAbsent(attempt.id(), running) != null) {
      throw new IllegalStateException("attempt " + attempt.id() + " is being executed already");
    }
    Path folder = attempt.scratch().toAbsolutePath();
    AlgorithmSpec algorithm = attempt.algorithm();
    boolean process = !algorithm.function() && (algorithm.image() == null || host.inside());
    Scratch scratch = process ? scratches.take(parent(folder)) : new Scratch(folder);
    try {
      if (closed) {
        throw new InterruptedException("the executor was closed");
      }
      return algorithm.function() ? function(running, scratch) : command(running, scratch);
    } catch (IOException e) {
      scratch.delete();
      throw Disk.problem(e, attempt.job(), attempt.scratch());
    } catch (InterruptedException | RuntimeException | Error e) {
      scratch.delete();
      throw e;
    } finally {
      active.remove(attempt.id());
    }
  }

  private Execution function(Running running, Scratch scratch)
      throws IOException, InterruptedException {
    Attempt attempt = running.attempt();
    String name = attempt.algorithm().name();
    JobFunction function = functions.get(name);
    if (function == null) {
      throw new BackendException(
          "Could not execute job "
              + attempt.job()
              + " of run "
              + attempt.run()
              + ": its algorithm '"
              + name
              + "' is a Java function that this program does not define. Attach to the run from the program that does; the job waits for it.",
          null);
    }
    return new FunctionRun(running, scratch, function, store, settings.maxLogBytes())
        .execute(threads, settings.grace());
  }

  private Execution command(Running running, Scratch scratch)
      throws IOException, InterruptedException {
    Attempt attempt = running.attempt();
    String image = attempt.algorithm().image();
    if (image != null && !host.inside()) {
      Place place = new ContainerPlace(attempt, image, scratch, engine, settings.grace());
      return new CommandRun(running, scratch, place, store, settings.maxLogBytes())
          .execute(scratch::delete);
    }
    HostPlace plain = new HostPlace(attempt, scratch, programs, settings.grace(), host);
    Place place =
        image == null ? plain : new InsidePlace(attempt, scratch, plain, host.entryPoint());
    Path parent = parent(attempt.scratch().toAbsolutePath());
    return new CommandRun(running, scratch, place, store, settings.maxLogBytes())
        .execute(() -> scratches.give(scratch, parent));
  }

  private static Path parent(Path folder) {
    return Objects.requireNonNull(folder.getParent(), "scratch must not be the root folder");
  }

  /**
   * Asks for the end of a run's attempts; each has ended when its {@link #execute} throws, within
   * the grace and a little more.
   */
  @Override
  public void stop(String run) {
    active.values().stream()
        .filter(running -> running.attempt().run().equals(run))
        .forEach(Running::stop);
  }

  @Override
  public long active(String run, String stage) {
    return active.values().stream()
        .map(Running::attempt)
        .filter(attempt -> attempt.run().equals(run) && attempt.stage().equals(stage))
        .count();
  }

  @Override
  public Optional<InputStream> log(String run, String job) {
    for (Running running : active.values()) {
      Running.LogSource log = running.log();
      if (log != null
          && running.attempt().run().equals(run)
          && running.attempt().job().equals(job)) {
        try {
          return Optional.of(log.open());
        } catch (IOException e) {
          logger.debug("No log yet: run={} job={} reason={}", run, job, e.toString());
        }
      }
    }
    return Optional.empty();
  }

  /** Ends all attempts and waits until they have ended, or a little longer than the grace. */
  @Override
  public void close() {
    closed = true;
    active.values().forEach(Running::stop);
    threads.shutdown();
    scratches.close();
    long deadline = System.nanoTime() + settings.grace().toNanos() + TimeUnit.SECONDS.toNanos(5);
    boolean interrupted = false;
    while (!active.isEmpty() && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        interrupted = true;
        deadline = System.nanoTime();
      }
    }
    if (!active.isEmpty()) {
      logger.warn("Attempts are still running after close: {}", active.keySet());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
