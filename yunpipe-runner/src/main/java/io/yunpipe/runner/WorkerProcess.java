package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.internal.Backends;
import io.yunpipe.internal.JobMessage;
import io.yunpipe.internal.JobSpec;
import io.yunpipe.internal.Json;
import io.yunpipe.internal.Plans;
import io.yunpipe.internal.Protocol;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.BackendProvider;
import io.yunpipe.spi.JobQueue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a worker's process together from its settings, and takes it apart at its end. */
final class WorkerProcess {
  private static final Logger logger = LoggerFactory.getLogger(WorkerProcess.class);
  private static final int OTHERS_ENTER = 01;
  private static final Duration FOR_EVER = Duration.ofDays(10_000);

  /** Where commands are looked for, also by those who start others as another user. */
  private static final String PATH =
      Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");

  private final WorkerSettings settings;
  private final Clock clock = Clock.systemUTC();
  private final CountDownLatch ended = new CountDownLatch(1);

  WorkerProcess(WorkerSettings settings) {
    this.settings = settings;
  }

  /** Runs to its end; returns the exit code. */
  int run() throws WorkerSettings.Invalid, IOException, InterruptedException {
    HostSettings host = host();
    BackendProvider provider = provider();
    BackendContext context =
        new BackendContext(settings.pipeline(), settings.backendSettings(), Map.of(), clock);
    makeScratch(host.user());
    Path scratch = makeOwnScratch();
    Orphans.reapIfFirst();
    try (Backend backend = provider.open(context)) {
      String job = settings.job();
      return job == null
          ? drain(backend, host, scratch)
          : runOnly(backend, message(backend, job), host, scratch);
    } finally {
      FileTrees.delete(scratch);
      ended.countDown();
    }
  }

  private void makeScratch(@Nullable UserSwitch user) throws WorkerSettings.Invalid, IOException {
    Files.createDirectories(settings.scratch());
    if (user == null) {
      return;
    }
    for (Path folder = settings.scratch(); folder != null; folder = folder.getParent()) {
      if (((Integer) Files.getAttribute(folder, "unix:mode") & OTHERS_ENTER) == 0) {
        throw new WorkerSettings.Invalid(
            List.of(
                "YUNPIPE_SCRATCH: commands run as user "
                    + user.user()
                    + ", who may not enter "
                    + folder
                    + ": run chmod o+x on it, or name a folder elsewhere"));
      }
    }
  }

  /** The name is made of what is at hand: a safe random number takes a while to start with. */
  private Path makeOwnScratch() throws IOException {
    String name =
        "yunpipe-worker-"
            + ProcessHandle.current().pid()
            + "-"
            + Long.toHexString(System.nanoTime());
    Path scratch = Files.createDirectory(settings.scratch().resolve(name));
    // Others may pass through, not look around: commands may run as another user.
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwx--x--x"));
    return scratch;
  }

  private BackendProvider provider() throws WorkerSettings.Invalid {
    try {
      return Backends.find(settings.backend());
    } catch (IllegalStateException e) {
      throw new WorkerSettings.Invalid(List.of("YUNPIPE_BACKEND: " + e.getMessage()));
    }
  }

  private HostSettings host() throws WorkerSettings.Invalid, IOException, InterruptedException {
    return new HostSettings(
        user().orElse(null), settings.inside(), settings.entryPoint(), settings.passed());
  }

  private Optional<UserSwitch> user()
      throws WorkerSettings.Invalid, IOException, InterruptedException {
    UserId user = settings.user();
    int self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (user.uid() == self) {
      return Optional.empty();
    }
    if (self != 0) {
      if (settings.userGiven()) {
        throw new WorkerSettings.Invalid(
            List.of(
                "YUNPIPE_USER is "
                    + user
                    + ", but this worker runs as user "
                    + self
                    + ", and only root can start commands as somebody else"));
      }
      return Optional.empty();
    }
    Optional<UserSwitch> found = UserSwitch.find(user, PATH);
    if (found.isEmpty()) {
      if (settings.userGiven()) {
        throw new WorkerSettings.Invalid(
            List.of(
                "YUNPIPE_USER is "
                    + user
                    + ", but the image has no program to start commands as somebody else: add"
                    + " setpriv (util-linux), su-exec, gosu, chroot (coreutils) or chpst, or set it"
                    + " to 0 to run them as root"));
      }
      logger.warn(
          "Commands run as root, with the rights of this worker: the image has no setpriv, su-exec,"
              + " gosu, chroot or chpst. Add one, or set YUNPIPE_USER=0 to have it so.");
    }
    return found;
  }

  private int drain(Backend backend, HostSettings host, Path scratch) throws InterruptedException {
    return live(
        backend, backend::queue, settings.stage(), settings.idle(), () -> false, host, scratch);
  }

  /** Runs the jobs of one message until each is committed; what follows goes to the real queues. */
  private int runOnly(Backend backend, JobMessage message, HostSettings host, Path scratch)
      throws WorkerSettings.Invalid, InterruptedException {
    Optional<RunPlan> plan = new Plans(backend.store()).get(message.run(), message.generation());
    if (plan.isEmpty()) {
      throw new WorkerSettings.Invalid(
          List.of(
              "YUNPIPE_JOB is of run "
                  + message.run()
                  + ", which is not in the store of this backend: is it another store's, or was the"
                  + " run removed?"));
    }
    OwnQueue own = new OwnQueue();
    own.send(List.of(Json.text(message)), Duration.ZERO);
    int code =
        live(
            backend,
            stage -> stage.equals(message.stage()) ? own : backend.queue(stage),
            message.stage(),
            FOR_EVER,
            own::isEmpty,
            host,
            scratch);
    Protocol protocol = new Protocol(backend.store(), backend::queue, clock);
    boolean committed =
        protocol.cancelled(plan.get())
            || message.jobs().stream()
                .map(JobSpec::id)
                .allMatch(
                    job ->
                        protocol
                            .marker(plan.get(), message.stage(), message.shard(), job)
                            .isPresent());
    return code != 0 || committed ? code : WorkerMain.TEMPFAIL;
  }

  private JobMessage message(Backend backend, String job) throws WorkerSettings.Invalid {
    String json = job;
    if (job.startsWith("key:")) {
      String key = job.substring("key:".length());
      json =
          backend
              .store()
              .read(key)
              .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
              .orElseThrow(
                  () ->
                      new WorkerSettings.Invalid(
                          List.of("YUNPIPE_JOB names an object that does not exist: " + key)));
    }
    try {
      return Json.read(json, JobMessage.class, "YUNPIPE_JOB");
    } catch (BackendException e) {
      throw new WorkerSettings.Invalid(
          List.of(e.getMessage() + "; it must be a message as queues have them, or key:<object>"));
    }
  }

  private int live(
      Backend backend,
      Function<String, JobQueue> queues,
      String stage,
      Duration idle,
      BooleanSupplier done,
      HostSettings host,
      Path scratch)
      throws InterruptedException {
    JobExecutor executor =
        new DefaultJobExecutor(
            backend.store(),
            Map.of(),
            new ExecutorSettings(settings.grace(), settings.maxLogBytes(), "auto"),
            host);
    Workplace place =
        Workplace.over(backend.store(), queues, executor, settings.lease(), scratch, clock);
    WorkerLife life =
        new WorkerLife(place, stage, idle, settings.grace(), settings.concurrency(), done);
    Signals.install(life::stop, this::awaitEnd);
    logger.info(
        "Worker begins: backend={} pipeline={} stage={} threads={} pid={}",
        settings.backend(),
        settings.pipeline(),
        stage,
        settings.concurrency(),
        ProcessHandle.current().pid());
    int jobs;
    try {
      jobs = life.run();
    } finally {
      executor.close();
      place.leases().close();
    }
    logger.info("Worker ends: stage={} jobs={}", stage, jobs);
    Throwable failure = life.failure();
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    return 0;
  }

  /** For a shutdown hook: the process ends with it. */
  private void awaitEnd() {
    try {
      boolean inTime = ended.await(settings.grace().toSeconds() + 10, TimeUnit.SECONDS);
      Runtime.getRuntime().halt(inTime ? 0 : WorkerMain.SOFTWARE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
