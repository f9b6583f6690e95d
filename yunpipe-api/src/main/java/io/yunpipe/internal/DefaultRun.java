package io.yunpipe.internal;

import io.yunpipe.Cost;
import io.yunpipe.Failure;
import io.yunpipe.InvalidInputException;
import io.yunpipe.JobResult;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunStatus;
import io.yunpipe.internal.source.OverlapCheck;
import io.yunpipe.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A run, seen through the store. */
final class DefaultRun implements Run {
  private final Site site;
  private final RunPlan plan;
  private final Runnable resumeSubmission;
  private final StatusReader status;

  DefaultRun(Site site, RunPlan plan, Runnable resumeSubmission) {
    this.site = site;
    this.plan = plan;
    this.resumeSubmission = resumeSubmission;
    this.status = new StatusReader(site, plan);
  }

  @Override
  public String id() {
    return plan.run();
  }

  @Override
  public RunStatus status() {
    return status.read();
  }

  @Override
  public RunStatus await() throws InterruptedException {
    return await(RunListener.none());
  }

  @Override
  public RunStatus await(RunListener listener) throws InterruptedException {
    return waiter().await(listener, null);
  }

  @Override
  public RunStatus await(RunListener listener, Duration atMost) throws InterruptedException {
    return waiter().await(listener, atMost);
  }

  private Waiter waiter() {
    return new Waiter(site, plan, status, resumeSubmission);
  }

  @Override
  public CompletionStage<RunStatus> whenFinished() {
    CompletableFuture<RunStatus> future = new CompletableFuture<>();
    background(
        () -> {
          try {
            future.complete(await());
          } catch (InterruptedException | RuntimeException e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  @Override
  public Flow.Publisher<RunStatus> progress() {
    return subscriber -> {
      SubmissionPublisher<RunStatus> publisher = new SubmissionPublisher<>();
      publisher.subscribe(subscriber);
      background(
          () -> {
            try {
              await(publisher::submit);
              publisher.close();
            } catch (InterruptedException | RuntimeException e) {
              publisher.closeExceptionally(e);
            }
          });
    };
  }

  private void background(Runnable task) {
    Thread thread = new Thread(task, "yunpipe-run-" + id());
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public Stream<JobResult> results() {
    return stream(true);
  }

  private Stream<JobResult> stream(boolean waiting) {
    Waiter waiter = waiter();
    Results results = new Results(site, plan, status);
    Iterator<JobResult> iterator =
        new Iterator<>() {
          private Optional<JobResult> next = Optional.empty();

          @Override
          public boolean hasNext() {
            if (next.isEmpty()) {
              next = results.next(() -> waiting && moment(waiter));
            }
            return next.isPresent();
          }

          @Override
          public JobResult next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            JobResult result = next.orElseThrow();
            next = Optional.empty();
            return result;
          }
        };
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            iterator, Spliterator.DISTINCT | Spliterator.NONNULL | Spliterator.IMMUTABLE),
        false);
  }

  private static boolean moment(Waiter waiter) {
    try {
      return waiter.moment();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for results; the run goes on", e);
    }
  }

  @Override
  public long download(Path folder) {
    requireApart(folder);
    long[] files = new long[1];
    try (Stream<JobResult> results = stream(false);
        Parallel copies = new Parallel(site.store().parallelism(), "yunpipe-download")) {
      results.forEach(
          result -> {
            StagePlan stage = plan.stage(result.stage());
            result
                .files()
                .forEach(
                    file -> {
                      String path = plan.resultPath(stage, result.input(), file.name());
                      Path target = folder.resolve(path);
                      copies.run(() -> file.copyTo(target));
                      files[0]++;
                    });
          });
      copies.finish();
    }
    return files[0];
  }

  private void requireApart(Path folder) {
    RunPlan.SourceSpec source = plan.source();
    Optional<String> problem =
        source == null
            ? OverlapCheck.unusable(folder)
            : OverlapCheck.problem(Offers.inputs(source), folder);
    problem.ifPresent(
        text -> {
          throw new InvalidInputException(text);
        });
  }

  @Override
  public String log(String job) {
    JobFinder finder = new JobFinder(site, plan);
    Optional<InputStream> log = finder.log(finder.find(job));
    if (log.isEmpty()) {
      return "";
    }
    try (InputStream in = log.get()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new io.yunpipe.BackendException(
          "Could not read the log of job " + job + ": " + e, true, e);
    }
  }

  @Override
  public void tail(String job, Consumer<String> sink) throws InterruptedException {
    JobFinder finder = new JobFinder(site, plan);
    JobFinder.Found found = finder.find(job);
    Waiter waiter = waiter();
    String told = "";
    boolean more = true;
    while (more) {
      more = !finder.committed(found) && waiter.moment();
      String text = log(found.id());
      // Empty between an attempt's end and its commit; a log that begins otherwise is another
      // attempt's.
      if (!text.isEmpty() && !text.equals(told)) {
        sink.accept(text.startsWith(told) ? text.substring(told.length()) : text);
        told = text;
      }
    }
  }

  @Override
  public List<Failure> failed() {
    List<Failure> failures = new ArrayList<>();
    JobFinder finder = new JobFinder(site, plan);
    for (StagePlan stage : plan.stages()) {
      String prefix = plan.keys().failed(stage.name());
      Protocol.pages(
          site.store(),
          prefix,
          object -> {
            String place = object.key().substring(prefix.length());
            String shard = place.substring(0, place.indexOf('/'));
            site.protocol()
                .marker(plan, stage.name(), shard, place.substring(shard.length() + 1))
                .ifPresent(marker -> failures.add(failure(finder, stage, shard, marker)));
          });
    }
    return List.copyOf(failures);
  }

  private static Failure failure(JobFinder finder, StagePlan stage, String shard, Marker marker) {
    String tail =
        finder
            .lastFailure(new JobFinder.Found(stage, shard, marker.job()))
            .map(FailRecord::tail)
            .orElse("");
    return new Failure(
        stage.name(),
        marker.job(),
        marker.name(),
        marker.exit(),
        String.valueOf(marker.reason()),
        marker.attempts(),
        tail);
  }

  @Override
  public void cancel() {
    site.protocol().cancel(plan, "cancelled", false);
    site.backend().compute().stop(plan.run());
  }

  @Override
  public Cost cost() {
    return new Meter(site, plan).cost();
  }

  @Override
  public Run retryFailed() {
    RunStatus now = status();
    if (!now.state().finished()) {
      throw new IllegalStateException(
          "Run "
              + id()
              + " is not finished, so its failed jobs cannot be retried yet; await or cancel it first");
    }
    RunPlan next = plan.nextGeneration();
    site.store().putIfAbsent(Keys.open(id()), Content.of("{}"));
    site.store().putIfAbsent(next.keys().plan(), Content.of(Json.bytes(next)));
    site.protocol().reconcile(next);
    return new DefaultRun(site, next, resumeSubmission);
  }

  @Override
  public String toString() {
    return "run " + id() + " of pipeline " + plan.pipeline();
  }
}
