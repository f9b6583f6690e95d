package io.yunpipe.aws;

import io.yunpipe.BackendException;
import io.yunpipe.aws.sqs.SqsQueues;
import io.yunpipe.runner.ExecutorSettings;
import io.yunpipe.runner.NotifyingQueue;
import io.yunpipe.runner.ProgramScratch;
import io.yunpipe.runner.ThreadCompute;
import io.yunpipe.runner.ThreadSettings;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The backend of AWS: a bucket, a queue per stage, and workers. */
final class AwsBackend implements Backend {
  /** Looks at queues and runs cost requests. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final AwsSettings settings;
  private final BackendContext context;
  private final Services services;
  private final ProgramScratch scratch;
  private final Map<String, JobQueue> queues = new ConcurrentHashMap<>();
  private @Nullable Compute compute;

  AwsBackend(AwsSettings settings, BackendContext context, Services services) {
    this.settings = settings;
    this.context = context;
    this.services = services;
    this.scratch = new ProgramScratch(scratch(settings.scratch()));
  }

  private static Path scratch(String setting) {
    return setting.isEmpty()
        ? Path.of(
            System.getProperty("java.io.tmpdir"), "yunpipe-" + System.getProperty("user.name"))
        : Path.of(setting).toAbsolutePath();
  }

  /** Looks into the bucket, and makes or looks for the queues of the stages that are known. */
  @Override
  public void init() {
    // Tells at once that there is no such bucket, or no right to use it.
    services.store().list("", "", 1);
    for (String stage : context.stages()) {
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
    scratch.removeLeftovers();
  }

  private String name(String stage) {
    return QueueNames.ofStage(settings.queuePrefix(), context.pipeline(), stage);
  }

  @Override
  public ObjectStore store() {
    return services.store();
  }

  @Override
  public JobQueue queue(String stage) {
    return queues.computeIfAbsent(
        stage, any -> new NotifyingQueue(services.queues().open(name(any)), this::wake));
  }

  private synchronized void wake() {
    if (compute instanceof ThreadCompute threads) {
      threads.wake();
    }
  }

  @Override
  public synchronized Compute compute() {
    if (compute == null) {
      compute =
          switch (settings.compute()) {
            case EXTERNAL -> new ExternalCompute();
            case THREADS -> startThreads();
          };
    }
    return compute;
  }

  private ThreadCompute startThreads() {
    return ThreadCompute.over(
        this,
        context,
        new ExecutorSettings(
            ExecutorSettings.DEFAULT.grace(),
            ExecutorSettings.DEFAULT.maxLogBytes(),
            settings.containerEngine()),
        settings.lease(),
        scratch.ofThisProgram(),
        ThreadSettings.ofMachine(
            settings.cpus(),
            settings.memoryMib(),
            LOOK,
            "Ask for less, raise yunpipe.aws.cpus or memory-mib, or use a larger machine."));
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
  public List<String> removeQueues() {
    queues.values().forEach(JobQueue::close);
    queues.clear();
    SqsQueues all = services.queues();
    return all
        .delete(all.names(QueueNames.ofPipeline(settings.queuePrefix(), context.pipeline())))
        .stream()
        .map(name -> "SQS queue " + name)
        .toList();
  }

  @Override
  public void close() {
    Compute running;
    synchronized (this) {
      running = compute;
    }
    if (running != null) {
      running.close();
    }
    scratch.close();
    queues.values().forEach(JobQueue::close);
    services.close();
  }
}
