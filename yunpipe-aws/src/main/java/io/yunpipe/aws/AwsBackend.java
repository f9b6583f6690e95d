package io.yunpipe.aws;

import io.yunpipe.BackendException;
import io.yunpipe.CleanUp;
import io.yunpipe.Leftover;
import io.yunpipe.SetUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.compute.FleetCompute;
import io.yunpipe.aws.compute.Fleets;
import io.yunpipe.aws.compute.Turns;
import io.yunpipe.aws.cost.AwsPrices;
import io.yunpipe.aws.sqs.SqsQueues;
import io.yunpipe.aws.stack.Cloud;
import io.yunpipe.aws.stack.Orphans;
import io.yunpipe.aws.stack.StackLife;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.runner.ProgramWorkers;
import io.yunpipe.runner.ThreadSettings;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.ExternalCompute;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Prices;
import io.yunpipe.spi.QueueDepth;
import io.yunpipe.spi.RunNotice;
import io.yunpipe.spi.StageNeeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backend of AWS: a bucket, a queue per stage, and workers. */
final class AwsBackend implements Backend {
  private static final Logger logger = LoggerFactory.getLogger(AwsBackend.class);

  /** Looks at queues and runs cost requests. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final AwsSettings settings;
  private final BackendContext context;
  private final Services services;
  private final ProgramWorkers workers;
  private final Compute external = new ExternalCompute();
  private final Map<String, JobQueue> queues = new ConcurrentHashMap<>();
  private @Nullable Control control;
  private @Nullable FleetCompute fleet;
  private @Nullable Topic topic;
  private @Nullable StackLife stack;

  AwsBackend(AwsSettings settings, BackendContext context, Services services) {
    this.settings = settings;
    this.context = context;
    this.services = services;
    this.workers =
        new ProgramWorkers(
            this,
            context,
            () ->
                ThreadSettings.ofMachine(
                    settings.cpus(),
                    settings.memoryMib(),
                    LOOK,
                    "Ask for less, raise yunpipe.aws.cpus or memory-mib, or use a larger machine."),
            settings.lease(),
            settings.containerEngine(),
            scratch(settings.scratch()));
  }

  private static Path scratch(String setting) {
    return setting.isEmpty()
        ? Path.of(
            System.getProperty("java.io.tmpdir"), "yunpipe-" + System.getProperty("user.name"))
        : Path.of(setting).toAbsolutePath();
  }

  @Override
  public boolean init(SetUpListener listener) {
    if (settings.compute().ofStack()) {
      boolean agreed = stack().init(listener);
      if (agreed) {
        Turns.unpark(store(), context.pipeline());
      }
      return agreed;
    }
    initQueues();
    return true;
  }

  @Override
  public SetUp preview() {
    return settings.compute().ofStack() ? stack().preview() : SetUp.NOTHING;
  }

  @Override
  public boolean ready() {
    if (settings.compute().ofStack()) {
      stack().ready();
      return false;
    }
    initQueues();
    return true;
  }

  @Override
  public void park(SetUpListener listener) {
    if (settings.compute().ofStack()) {
      stack().park(() -> stopWorkers("parked"), listener);
    }
  }

  private void stopWorkers(String reason) {
    parkWorkers();
    int ended = fleet().stopAll(reason);
    logger.info("Ended {} workers of {}: {}", ended, names().stack(), reason);
  }

  /** Tells programs that are open, and know nothing of this, to start no more workers. */
  private void parkWorkers() {
    try {
      Turns.park(store(), context.pipeline());
    } catch (BackendException e) {
      // The bucket may be gone already; those that work are to end all the same.
      logger.warn("Could not tell programs to start no more workers: {}", e.getMessage());
    }
  }

  /** What workers still use cannot be deleted. */
  private void removeWorkers(SetUpListener listener) {
    parkWorkers();
    Cloud cloud = control().cloud(settings, context.clock());
    FleetCompute workers = fleet();
    WorkersEnd end =
        new WorkersEnd(workers::stopAll, workers::left, context.clock(), cloud.pause()::once);
    end.end("removed", listener);
  }

  /** Looks into the bucket, and makes or looks for the queues of the stages that are known. */
  private void initQueues() {
    // Tells at once that there is no such bucket, or no right to use it.
    services.store().list("", "", 1);
    for (StageNeeds needs : context.stages()) {
      String stage = needs.name();
      String name = names().ofStage(needs.queue());
      if (settings.createQueues()) {
        services.queues().create(name, settings.maxReceives(), settings.lease());
      } else if (!services.queues().exists(name)) {
        throw new BackendException(
            "There is no SQS queue "
                + name
                + " for stage "
                + stage
                + ", and yunpipe.aws.create-queues is false. Make it, with a queue for dead letters"
                + " (a redrive policy), or let yunpipe do so.",
            null);
      }
    }
    workers.removeLeftovers();
  }

  static StackNames names(AwsSettings settings, BackendContext context) {
    return new StackNames(settings.queuePrefix(), context.pipeline());
  }

  private StackNames names() {
    return names(settings, context);
  }

  /** Returns what makes and starts things, opened by the first use. */
  synchronized Control control() {
    if (control == null) {
      control = new Control(settings, context.clock());
    }
    return control;
  }

  /** Returns what sets the pipeline up on AWS; where it has a stack. */
  private synchronized StackLife stack() {
    if (stack == null) {
      stack =
          new StackLife(
              control().cloud(settings, context.clock()),
              new PipelineBlueprint(settings, context),
              this::messages);
    }
    return stack;
  }

  private long messages(String queue) {
    try (JobQueue open = services.queues().open(queue)) {
      QueueDepth depth = open.depth();
      return depth.ready() + depth.leased() + depth.delayed();
    }
  }

  /** Returns the workers that AWS starts; where a stack has any. */
  synchronized FleetCompute fleet() {
    if (fleet == null) {
      Fleets fleets =
          new Fleets(
              names(),
              store(),
              stage -> queue(stage).depth(),
              settings.cloud().maxWorkers(),
              context.clock());
      fleet = new Workforce(settings, control(), fleets).compute();
    }
    return fleet;
  }

  @Override
  public ObjectStore store() {
    return services.store();
  }

  @Override
  public JobQueue queue(String name) {
    return queues.computeIfAbsent(
        name, any -> workers.waking(services.queues().open(names().ofStage(any))));
  }

  @Override
  public Compute compute() {
    return switch (settings.compute()) {
      case THREADS -> workers.compute();
      case EXTERNAL -> external;
      case BATCH, ECS, EC2_SSM -> fleet();
    };
  }

  @Override
  public Optional<Prices> prices() {
    return Optional.of(
        new AwsPrices(
            settings.cloud().prices(),
            services.region(),
            settings.compute().ofStack() ? settings.hardware() : null));
  }

  @Override
  public Duration lookInterval() {
    return LOOK;
  }

  @Override
  public boolean hasStore() {
    return !settings.compute().ofStack() || stack().hasBucket();
  }

  @Override
  public boolean takesUploads() {
    return true;
  }

  @Override
  public boolean announces() {
    return settings.compute().ofStack();
  }

  @Override
  public void announce(RunNotice notice) {
    if (announces()) {
      topic().publish(notice);
    }
  }

  private synchronized Topic topic() {
    if (topic == null) {
      topic = new Topic(control(), names());
    }
    return topic;
  }

  @Override
  public CleanUp remove(boolean data, SetUpListener listener) {
    queues.values().forEach(JobQueue::close);
    queues.clear();
    CleanUp rest =
        settings.compute().ofStack()
            ? stack().remove(data, () -> removeWorkers(listener), listener)
            : new CleanUp(List.of(), List.of());
    // Also what threads of programs made queues for before there was a stack.
    SqsQueues all = services.queues();
    List<String> removed = new ArrayList<>(rest.removed());
    all.delete(all.names(names().queues())).forEach(name -> removed.add("SQS queue " + name));
    return new CleanUp(removed, rest.kept());
  }

  private Orphans orphans() {
    SqsQueues all = services.queues();
    return new Orphans(
        control().cloud(settings, context.clock()),
        settings.queuePrefix(),
        all::names,
        name -> {
          List<String> unused = all.delete(List.of(name));
        });
  }

  @Override
  public List<Leftover> leftovers() {
    return orphans().find();
  }

  @Override
  public void removeLeftovers(List<Leftover> leftovers, SetUpListener listener) {
    Orphans orphans = orphans();
    leftovers.forEach(one -> orphans.remove(one, listener));
  }

  private StackLife stackOfRoles() {
    StackSpecs.needStack(settings, "are no roles");
    return stack();
  }

  @Override
  public String roles() {
    return stackOfRoles().roles();
  }

  @Override
  public boolean createRoles(SetUpListener listener) {
    return stackOfRoles().createRoles(listener);
  }

  @Override
  public void close() {
    workers.close();
    queues.values().forEach(JobQueue::close);
    services.close();
    closeControl();
  }

  private synchronized void closeControl() {
    if (control != null) {
      control.close();
    }
  }
}
