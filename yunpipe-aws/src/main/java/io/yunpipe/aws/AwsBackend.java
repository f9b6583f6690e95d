package io.yunpipe.aws;

import io.yunpipe.BackendException;
import io.yunpipe.CleanUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.compute.FleetCompute;
import io.yunpipe.aws.compute.Fleets;
import io.yunpipe.aws.cost.AwsPrices;
import io.yunpipe.aws.sqs.SqsQueues;
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
import io.yunpipe.spi.RunNotice;
import io.yunpipe.spi.StageNeeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The backend of AWS: a bucket, a queue per stage, and workers. */
final class AwsBackend implements Backend {
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

  /** Looks into the bucket, and makes or looks for the queues of the stages that are known. */
  @Override
  public boolean init(SetUpListener listener) {
    // Tells at once that there is no such bucket, or no right to use it.
    services.store().list("", "", 1);
    for (StageNeeds needs : context.stages()) {
      String stage = needs.name();
      String name = name(stage);
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
    return true;
  }

  private StackNames names() {
    return new StackNames(settings.queuePrefix(), context.pipeline());
  }

  private String name(String stage) {
    return names().ofStage(stage);
  }

  /** Returns what makes and starts things, opened by the first use. */
  synchronized Control control() {
    if (control == null) {
      control = new Control(settings, context.clock());
    }
    return control;
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
  public JobQueue queue(String stage) {
    return queues.computeIfAbsent(stage, any -> workers.waking(services.queues().open(name(any))));
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
    SqsQueues all = services.queues();
    List<String> removed =
        all.delete(all.names(names().queues())).stream().map(name -> "SQS queue " + name).toList();
    return new CleanUp(removed, List.of());
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
