package io.yunpipe;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plain lines, few enough for a log file. */
final class ProgressLines implements RunListener {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

  private final LongSupplier nanoTime;
  private final ProgressText text;
  private @Nullable RunState lastState;
  private String lastCounts = "";
  private String lastNote = "";
  private long lastPrint;

  ProgressLines(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    text = new ProgressText(nanoTime);
  }

  @Override
  public synchronized void onStatus(RunStatus status) {
    text.sample(status);
    String counts =
        status.stages().stream().map(ProgressText::stage).collect(Collectors.joining(", "));
    boolean due = nanoTime.getAsLong() - lastPrint >= INTERVAL_NANOS && !counts.equals(lastCounts);
    if (status.state() == lastState && !due) {
      return;
    }
    Progress.print(line(status, counts) + System.lineSeparator());
    lastState = status.state();
    lastCounts = counts;
    lastPrint = nanoTime.getAsLong();
  }

  @Override
  public synchronized void onNote(String note) {
    if (!note.equals(lastNote)) {
      Progress.print(note + System.lineSeparator());
      lastNote = note;
    }
  }

  private String line(RunStatus status, String counts) {
    String rate = status.state().finished() ? "after " + text.elapsed() : text.rate(status);
    return status.runId()
        + " "
        + ProgressText.state(status.state())
        + (counts.isEmpty() ? "" : ": " + counts)
        + (rate.isEmpty() ? "" : "; " + rate);
  }
}
