package io.yunpipe.cli;

import io.yunpipe.InvalidInputException;
import io.yunpipe.RunOptions;
import io.yunpipe.config.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that a submission may have beyond its inputs. */
final class RunTermsOptions {
  @Option(
      names = "--budget",
      paramLabel = "USD",
      description = "Refuses a run that is estimated higher, and cancels it when this is spent.")
  private double budget;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      description = "Cancels the run so long after its submission, such as 8h.")
  private @Nullable String deadline;

  @Option(
      names = "--instance-type",
      paramLabel = "STAGE=TYPE",
      description = "Another machine type for a stage. May be repeated.")
  private Map<String, String> instanceTypes = new LinkedHashMap<>();

  RunOptions options() {
    try {
      Duration limit = deadline == null ? null : Durations.parse(deadline);
      return new RunOptions(budget, limit, instanceTypes);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("Nothing was submitted: " + e.getMessage(), e);
    }
  }
}
