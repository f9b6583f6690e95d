package io.yunpipe;

import java.util.List;
import java.util.function.LongSupplier;

/** One terminal line, rewritten. */
final class ProgressBar implements RunListener {
  private static final int BAR = 20;
  private static final String ERASE_TO_END = "\033[K";

  private final ProgressText text;
  private final int columns;
  private boolean ended;

  ProgressBar(LongSupplier nanoTime, int columns) {
    text = new ProgressText(nanoTime);
    this.columns = columns;
  }

  @Override
  public synchronized void onStatus(RunStatus status) {
    if (ended) {
      return;
    }
    text.sample(status);
    ended = status.state().finished();
    Progress.print("\r" + line(status) + ERASE_TO_END + (ended ? System.lineSeparator() : ""));
  }

  @Override
  public synchronized void onNote(String note) {
    if (!ended) {
      Progress.print("\r" + cut(note) + ERASE_TO_END);
    }
  }

  /** A line that is full would move the cursor to the next one, so it stays shorter. */
  String line(RunStatus status) {
    String left = meter(status) + " " + status.done() + "/" + status.total();
    String right =
        ended || status.state().finished()
            ? ProgressText.state(status.state()) + " after " + text.elapsed()
            : text.rate(status);
    String end = right.isEmpty() ? "" : "  " + right;
    return cut(left + stages(status.stages(), columns - 1 - left.length() - end.length()) + end);
  }

  private static String meter(RunStatus status) {
    long total = status.total();
    int full = total == 0 ? 0 : (int) (status.done() * BAR / total);
    return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "]";
  }

  /** Stages that fit; finished ones make room first, since they have nothing new to say. */
  private static String stages(List<StageStatus> stages, int room) {
    String all = join(stages);
    if (all.length() <= room) {
      return all;
    }
    String unfinished =
        join(
            stages.stream()
                .filter(stage -> stage.failed() > 0 || stage.succeeded() < stage.total())
                .toList());
    return unfinished.length() <= room ? unfinished : unfinished.substring(0, Math.max(0, room));
  }

  private static String join(List<StageStatus> stages) {
    StringBuilder joined = new StringBuilder();
    for (StageStatus stage : stages) {
      joined.append("  ").append(ProgressText.stage(stage));
    }
    return joined.toString();
  }

  private String cut(String line) {
    return line.length() < columns ? line : line.substring(0, columns - 1);
  }
}
