package io.yunpipe.aws.cost;

import io.yunpipe.Cost;
import io.yunpipe.Resources;
import io.yunpipe.spi.Prices;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prices of a pipeline's work: its workers' time, and the requests that runs make. */
public final class AwsPrices implements Prices {
  /** What a worker is paid for besides jobs: it starts, and waits for more before it ends. */
  private static final double OVERHEAD_SECONDS = 30 + 60;

  private static final double MIN_SECONDS = 60;

  // Measured, docs/benchmarks.md: requests per job beyond those for its data.
  private static final double SQS_PER_JOB = 0.2;
  private static final double PUTS_PER_JOB = 0.1;
  private static final double GETS_PER_JOB = 0.5;

  /** A worker is started for so many seconds of work. */
  private static final double SECONDS_PER_WORKER = 60;

  private final PriceTable table;
  private final String region;
  private final @Nullable Hardware hardware;

  /**
   * On what workers run.
   *
   * @param kind {@code fargate} or {@code ec2}
   * @param spot whether on spare capacity
   * @param architecture {@code x86-64} or {@code arm64}
   * @param maxWorkers most workers of one stage
   */
  public record Hardware(String kind, boolean spot, String architecture, int maxWorkers) {}

  /**
   * Creates prices.
   *
   * @param hardware null if workers are not paid for here
   */
  public AwsPrices(PriceTable table, String region, @Nullable Hardware hardware) {
    this.table = table;
    this.region = region;
    this.hardware = hardware;
  }

  @Override
  public Cost of(List<Use> uses, long bytes) {
    List<Cost.Item> items = new ArrayList<>();
    List<String> assumptions = new ArrayList<>();
    double jobs = 0;
    for (Use use : uses) {
      jobs += use.jobs();
      if (hardware != null && use.jobs() > 0) {
        addWork(items, hardware, use);
      }
    }
    addRequests(items, jobs);
    if (bytes > 0) {
      double gb = bytes / (double) (1L << 30);
      items.add(item("S3: inputs kept", gb, "GiB-months", table.gbMonth(region)));
    }
    if (hardware == null) {
      assumptions.add("workers are your own machines and not counted");
    } else {
      assumptions.add(
          "%s, %s%s; a worker for each %.0f s of work, at most %d a stage, each paid %.0f s more to start and to wait"
              .formatted(
                  hardware.kind(),
                  hardware.architecture(),
                  hardware.spot()
                      ? ", spare capacity at %.0f %% of the price"
                          .formatted(table.spotShare(hardware.kind()) * 100)
                      : "",
                  SECONDS_PER_WORKER,
                  hardware.maxWorkers(),
                  OVERHEAD_SECONDS));
    }
    assumptions.add("no free tier, no tax; data that leaves the region is not counted");
    double usd = items.stream().mapToDouble(Cost.Item::usd).sum();
    return new Cost(usd, table.source(region), items, assumptions);
  }

  private void addWork(List<Cost.Item> items, Hardware on, Use use) {
    PriceTable.Rate rate = table.rate(on.kind(), on.architecture(), on.spot(), region);
    double workers =
        Math.max(
            1,
            Math.min(
                Math.min(on.maxWorkers(), (double) use.jobs()),
                Math.ceil(use.seconds() / SECONDS_PER_WORKER)));
    double hours =
        Math.max(use.seconds() + workers * OVERHEAD_SECONDS, workers * MIN_SECONDS) / 3600;
    Resources one = use.perJob();
    double gib = one.memoryMib() == 0 ? 2 * one.cpus() : one.memoryMib() / 1024.0;
    items.add(item(use.stage() + ": vCPU", hours * one.cpus(), "vCPU-hours", rate.vcpuHour()));
    items.add(item(use.stage() + ": memory", hours * gib, "GiB-hours", rate.gbHour()));
    if (one.gpus() > 0) {
      items.add(item(use.stage() + ": GPU", hours * one.gpus(), "GPU-hours", rate.gpuHour()));
    }
  }

  private void addRequests(List<Cost.Item> items, double jobs) {
    items.add(item("SQS", jobs * SQS_PER_JOB, "requests", table.request("sqs", region)));
    // A job's input is read and its output written as well.
    items.add(
        item("S3 writes", jobs * (1 + PUTS_PER_JOB), "requests", table.request("s3Put", region)));
    items.add(
        item("S3 reads", jobs * (1 + GETS_PER_JOB), "requests", table.request("s3Get", region)));
  }

  private static Cost.Item item(String what, double quantity, String unit, double price) {
    return new Cost.Item(what, quantity, unit, quantity * price);
  }

  /** Returns the kind of hardware that a setting's word means. */
  public static Hardware hardware(
      String capacity, boolean machines, String architecture, int maxWorkers) {
    String word = capacity.toLowerCase(Locale.ROOT).replace('_', '-');
    boolean ec2 = machines || word.equals("ec2") || word.equals("spot");
    return new Hardware(
        ec2 ? "ec2" : "fargate",
        word.endsWith("spot"),
        architecture.toLowerCase(Locale.ROOT).replace('_', '-'),
        maxWorkers);
  }
}
