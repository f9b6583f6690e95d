package io.yunpipe.bench;

import io.yunpipe.aws.compute.Look;
import io.yunpipe.aws.compute.Scaling;
import io.yunpipe.aws.cost.PriceTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What it takes to run many short jobs on AWS, simulated second by second with the rule that
 * decides how many workers there are, documented quotas and list prices: workers of AWS Batch and
 * of ECS that pull jobs, and one task per file as in the systems before. Nothing is measured on
 * AWS.
 *
 * <pre>{@code java -cp … io.yunpipe.bench.WorkerCosts [most workers, default 1000]}</pre>
 */
public final class WorkerCosts {
  private static final String REGION = "us-east-1";
  private static final int JOB_SECONDS = 10;
  private static final double VCPUS = 1;
  private static final double GIB = 2;

  /** Fargate on demand starts 20 tasks a second (service quotas of Fargate, 2026-03). */
  private static final int LAUNCHES_PER_SECOND = 20;

  /** Fargate charges a minute at least (its pricing page, 2026-03). */
  private static final int LEAST_SECONDS = 60;

  /** A worker that finds nothing ends after so long (YUNPIPE_IDLE). */
  private static final int IDLE_SECONDS = 60;

  /** The router's tick looks at queues and workers. */
  private static final int TICK_SECONDS = 60;

  /** Requests per job: receive and delete by tens, a get, two puts; one message for ten jobs. */
  private static final double SQS_CALLS = 0.3;

  private static final double PUTS = 2;
  private static final double GETS = 1;

  private final int most;
  private final PriceTable prices = PriceTable.bundled();

  private WorkerCosts(int most) {
    this.most = most;
  }

  /** Outcome of a way. */
  private record Outcome(long seconds, long launches, double usd) {}

  /**
   * Prints a table.
   *
   * @param arguments most workers at once; default 1000
   */
  public static void main(String[] arguments) {
    int most = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
    WorkerCosts costs = new WorkerCosts(most);
    System.out.printf(
        "Jobs of %d s, %.0f vCPU, %.0f GiB, at most %d workers; %s%n",
        JOB_SECONDS, VCPUS, GIB, most, costs.prices.source(REGION));
    System.out.printf("%10s  %-28s %12s %10s %10s%n", "jobs", "way", "time", "launches", "USD");
    for (long jobs : List.of(1_000L, 100_000L, 1_000_000L)) {
      print(jobs, "Batch, workers pull", costs.pulling(jobs, 60));
      print(jobs, "ECS RunTask, workers pull", costs.pulling(jobs, 35));
      print(jobs, "one Fargate task per file", costs.perFile(jobs));
    }
  }

  private static void print(long jobs, String way, Outcome is) {
    System.out.printf(
        "%10d  %-28s %3d:%02d:%02d h %10d %10.2f%n",
        jobs,
        way,
        is.seconds() / 3600,
        is.seconds() / 60 % 60,
        is.seconds() % 60,
        is.launches(),
        is.usd());
  }

  /**
   * Workers take jobs until there are none.
   *
   * @param start seconds until a worker that was asked for takes its first job
   */
  private Outcome pulling(long jobs, int start) {
    long waiting = jobs;
    long asked = 0;
    long launched = 0;
    long running = 0;
    long busySeconds = 0;
    long launchedAt = 0;
    long second = 0;
    Look before = null;
    // Workers by the second in which they start to take jobs, and jobs by the one they end in.
    Deque<long[]> coming = new ArrayDeque<>();
    Deque<long[]> ending = new ArrayDeque<>();
    long free = 0;
    while (waiting > 0 || !ending.isEmpty()) {
      if (second % TICK_SECONDS == 0 && waiting > 0) {
        long messages = (waiting + 9) / 10;
        Look now =
            Look.of(second * 1000, messages, (int) running, (int) (asked - running), launchedAt);
        int missing = Scaling.missing(now, before, most);
        before = now;
        if (missing > 0) {
          asked += missing;
          launchedAt = second * 1000;
        }
      }
      long starting = Math.min(LAUNCHES_PER_SECOND, asked - launched);
      if (starting > 0) {
        launched += starting;
        coming.add(new long[] {second + start, starting});
      }
      while (!coming.isEmpty() && coming.getFirst()[0] <= second) {
        long came = coming.removeFirst()[1];
        running += came;
        free += came;
      }
      while (!ending.isEmpty() && ending.getFirst()[0] <= second) {
        free += ending.removeFirst()[1];
      }
      long begun = Math.min(free, waiting);
      if (begun > 0) {
        waiting -= begun;
        free -= begun;
        ending.add(new long[] {second + JOB_SECONDS, begun});
      }
      busySeconds += begun * JOB_SECONDS;
      second++;
    }
    // Charged from the fetch of the image, about half of the start, until the worker has been idle.
    double each = start / 2.0 + IDLE_SECONDS;
    double seconds = Math.max(launched * (double) LEAST_SECONDS, busySeconds + launched * each);
    return new Outcome(second, launched, compute(seconds) + requests(jobs, true));
  }

  /** One task for each file. */
  private Outcome perFile(long jobs) {
    int start = 35;
    double perSecond = Math.min(LAUNCHES_PER_SECOND, most / (double) (JOB_SECONDS + start));
    long seconds = Math.round(jobs / perSecond) + start + JOB_SECONDS;
    double charged = Math.max(LEAST_SECONDS, start / 2.0 + JOB_SECONDS);
    return new Outcome(seconds, jobs, compute(jobs * charged) + requests(jobs, false));
  }

  private double compute(double seconds) {
    PriceTable.Rate rate = prices.rate("fargate", "x86-64", false, REGION);
    return seconds / 3600 * (VCPUS * rate.vcpuHour() + GIB * rate.gbHour());
  }

  /** Each task of the earlier systems was a message, a function's call, and a task. */
  private double requests(long jobs, boolean pulled) {
    double usd = jobs * PUTS * prices.request("s3Put", REGION);
    usd += jobs * GETS * prices.request("s3Get", REGION);
    usd += jobs * (pulled ? SQS_CALLS : 3) * prices.request("sqs", REGION);
    return usd + (pulled ? 0 : jobs * prices.request("lambda", REGION));
  }
}
