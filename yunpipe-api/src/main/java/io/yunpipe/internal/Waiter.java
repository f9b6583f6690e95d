package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.RunListener;
import io.yunpipe.RunStatus;
import io.yunpipe.StageStatus;
import io.yunpipe.spi.QueueDepth;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a run and sees to it that it goes on: workers where jobs wait, a broken submission
 * continued, and lost messages sent again.
 */
final class Waiter {
  private static final long NEAR_MILLIS = 100;
  private static final long IDLE_MILLIS = 5_000;
  private static final long PATIENCE_MILLIS = 20_000;
  private static final long TERMS_MILLIS = 5_000;

  private final Site site;
  private final RunPlan plan;
  private final StatusReader reader;
  private final Runnable resumeSubmission;
  private @Nullable RunStatus last;
  private final long longest;
  private final long shortest;
  private long pause;
  private long movedAt;
  private long lookMillis;
  private final TermsKeeper terms;
  private long termsAt;
  private boolean first = true;

  Waiter(Site site, RunPlan plan, StatusReader reader, Runnable resumeSubmission) {
    this.site = site;
    this.plan = plan;
    this.reader = reader;
    this.resumeSubmission = resumeSubmission;
    this.terms = new TermsKeeper(site);
    this.movedAt = site.clock().millis();
    this.longest = site.backend().lookInterval().toMillis();
    this.shortest = longest <= NEAR_MILLIS ? 2 : longest / 4;
    this.pause = shortest;
  }

  RunStatus await(RunListener listener, @Nullable Duration atMost) throws InterruptedException {
    long deadline = atMost == null ? Long.MAX_VALUE : System.nanoTime() + atMost.toNanos();
    while (true) {
      RunStatus status = look(listener);
      if (status.state().finished() || (atMost != null && System.nanoTime() >= deadline)) {
        return status;
      }
      sleep();
    }
  }

  /** Waits a moment and looks; returns whether the run goes on. */
  boolean moment() throws InterruptedException {
    if (look(RunListener.none()).state().finished()) {
      return false;
    }
    sleep();
    return true;
  }

  private void sleep() throws InterruptedException {
    // A look at a large run takes many requests; most of the time shall not go into looking.
    Thread.sleep(Math.max(pause, lookMillis));
    pause = Math.min(longest, pause * 2);
  }

  private RunStatus look(RunListener listener) {
    long start = System.nanoTime();
    RunStatus status = reader.read();
    lookMillis = (System.nanoTime() - start) / 1_000_000;
    RunStatus before = last;
    if (!status.equals(before)) {
      last = status;
      movedAt = site.clock().millis();
      if (before == null || status.done() != before.done()) {
        pause = Math.max(shortest, pause / 2);
      }
      listener.onStatus(status);
    }
    if (status.state().finished()) {
      if (status.reason().isPresent()) {
        site.backend().compute().stop(plan.run());
      }
    } else {
      drive(status);
    }
    return status;
  }

  private void drive(RunStatus status) {
    if (plan.terms() != null && site.clock().millis() - termsAt >= TERMS_MILLIS) {
      termsAt = site.clock().millis();
      if (terms.enforce(plan)) {
        return;
      }
    }
    if (first && reader.abandoned()) {
      resumeSubmission.run();
    }
    for (StageStatus stage : status.stages()) {
      if (first || stage.pending() > 0) {
        site.ensureWorkers(plan.stage(stage.stage()), stage.pending());
      }
    }
    long unmoved = site.clock().millis() - movedAt;
    Optional<String> problem = site.backend().compute().problem();
    if (unmoved > PATIENCE_MILLIS && problem.isPresent()) {
      throw new BackendException(
          "Run "
              + plan.run()
              + " does not go on: "
              + problem.get()
              + " Put it right, then attach to the run to go on; nothing is lost.",
          true,
          null);
    }
    boolean still = unmoved > IDLE_MILLIS;
    if ((first || still) && idle(status)) {
      site.protocol().reconcile(plan);
      movedAt = site.clock().millis();
    }
    first = false;
  }

  /** Returns whether nobody holds or will get a message of this pipeline. */
  private boolean idle(RunStatus status) {
    for (StageStatus stage : status.stages()) {
      QueueDepth depth = site.backend().queue(plan.stage(stage.stage()).queue()).depth();
      if (stage.running() > 0 || !depth.empty()) {
        return false;
      }
    }
    return true;
  }
}
