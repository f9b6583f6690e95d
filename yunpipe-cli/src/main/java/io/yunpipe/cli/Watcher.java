package io.yunpipe.cli;

import io.yunpipe.Failure;
import io.yunpipe.Progress;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows a run to its end and says how it went. */
final class Watcher {
  private static final int FAILURES_SHOWN = 20;

  private final Run run;
  private final String hint;
  private final RunListener progress;
  private volatile @Nullable RunState seen;

  /**
   * Creates the watcher.
   *
   * @param hint options with which other commands find the run; empty, or starting with a blank
   */
  Watcher(Run run, String hint, RunListener progress) {
    this.run = run;
    this.hint = hint;
    this.progress = progress;
  }

  /** Returns the listener for a command's options. */
  static RunListener progress(boolean quiet) {
    return quiet ? Progress.none() : Progress.auto();
  }

  /**
   * Waits for the end and reports failures.
   *
   * @throws InterruptedException after saying how the run is continued
   */
  RunStatus await() throws InterruptedException {
    try {
      RunStatus status =
          run.await(
              new RunListener() {
                @Override
                public void onStatus(RunStatus now) {
                  seen(now);
                }

                @Override
                public void onNote(String note) {
                  progress.onNote(note);
                }
              });
      report(status);
      return status;
    } catch (InterruptedException e) {
      interrupted();
      throw e;
    }
  }

  /** Returns the exit code for the status that {@link #await} returned. */
  int exitCode(RunStatus status) {
    // Inputs that could not be taken cancel the run; nobody else does so that early.
    return status.state() == RunState.CANCELLED
            && status.reason().isPresent()
            && seen == RunState.SUBMITTING
        ? ExitCode.BAD_INPUT
        : ExitCode.of(status);
  }

  /** Says what became of the run, if it is not what was hoped for. */
  void report(RunStatus status) {
    if (status.failed() > 0) {
      Messages.say(failures(run.failed(), status));
      Messages.say("logs: yunpipe logs " + run.id() + " INPUT" + hint);
      Messages.say("again: yunpipe retry " + run.id() + hint);
    }
    if (status.state() != RunState.SUCCEEDED && status.reason().isPresent()) {
      Messages.error("Run " + run.id() + " " + word(status.state()) + ": " + status.reason().get());
    }
  }

  static String failures(List<Failure> failures, RunStatus status) {
    Table table = new Table("STAGE", "INPUT", "REASON");
    failures.stream()
        .limit(FAILURES_SHOWN)
        .forEach(failure -> table.add(failure.stage(), failure.input(), failure.reason()));
    String more =
        failures.size() > FAILURES_SHOWN
            ? "… and " + (failures.size() - FAILURES_SHOWN) + " more (status --failures)\n"
            : "";
    return status.failed()
        + " of "
        + Messages.count(status.total(), "job")
        + " failed:\n"
        + (table + more).stripTrailing();
  }

  private void seen(RunStatus status) {
    if (!status.state().finished()) {
      seen = status.state();
    }
    progress.onStatus(status);
  }

  private void interrupted() {
    // The bar's line may not have ended.
    Messages.say("");
    // What was seen last may be a second old.
    if (run.status().state() == RunState.SUBMITTING) {
      Messages.say(
          "Interrupted while inputs were still being taken, so run "
              + run.id()
              + " cannot become complete and is cancelled.");
      run.cancel();
    } else {
      Messages.say(
          "Interrupted. Run "
              + run.id()
              + " is kept: yunpipe watch "
              + run.id()
              + hint
              + " continues it.");
    }
  }

  private static String word(RunState state) {
    return switch (state) {
      case SUBMITTING, RUNNING -> "goes on";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case CANCELLED -> "was cancelled";
    };
  }
}
