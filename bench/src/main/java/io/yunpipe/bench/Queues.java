package io.yunpipe.bench;

import io.yunpipe.local.LogJobQueue;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The local queue: messages sent, leased and acknowledged per second, in batches, beside a bare
 * file that appends as much and syncs as often; and how long it takes to open a queue with a
 * million waiting.
 */
final class Queues {
  private static final int BODY_BYTES = 230;
  private static final int ROUNDS = 5;
  private static final long ROUND_NANOS = 1_000_000_000L;
  private static final Duration LEASE = Duration.ofMinutes(5);

  private final Path folder;
  private int queues;

  Queues(Path folder) {
    this.folder = folder;
  }

  /** Sends, receives and acknowledges one batch, or does what takes its place. */
  private interface Cycle {
    void run() throws IOException;
  }

  /** Cycles per second, and this thread's CPU time per message in microseconds. */
  private record Speed(double perSecond, double cpuMicros) {}

  void run(int waiting) throws IOException {
    for (boolean fsync : new boolean[] {true, false}) {
      for (int batch : new int[] {1, 10, 100, 1000}) {
        compare(fsync, batch);
      }
    }
    open(waiting);
  }

  private void compare(boolean fsync, int batch) throws IOException {
    List<Double> rates = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    try (JobQueue queue = LogJobQueue.open(nextFolder(), Clock.systemUTC(), fsync, 5);
        RandomAccessFile file =
            new RandomAccessFile(folder.resolve("floor " + queues).toFile(), "rw")) {
      List<String> bodies = Collections.nCopies(batch, "x".repeat(BODY_BYTES));
      byte[] bytes = new byte[BODY_BYTES * batch];
      for (int round = 0; round <= ROUNDS; round++) {
        Speed floor = measure(batch, () -> append(file, bytes, fsync));
        Speed speed = measure(batch, () -> cycle(queue, bodies));
        if (round > 0) { // the first warms up
          rates.add(speed.perSecond());
          cpu.add(speed.cpuMicros());
          ratios.add(floor.perSecond() / speed.perSecond());
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "fsync=%-5s batch=%-4d %,9.0f messages/s, %6.1f us CPU per message, %5.1f x the time of a bare file%n",
        fsync,
        batch,
        Measured.median(rates),
        Measured.median(cpu),
        Measured.median(ratios));
  }

  private static void cycle(JobQueue queue, List<String> bodies) {
    queue.send(bodies, Duration.ZERO);
    int received = 0;
    while (received < bodies.size()) {
      List<Message> messages = queue.receive(bodies.size(), Duration.ZERO, LEASE);
      queue.acknowledge(messages);
      received += messages.size();
    }
  }

  /** Stores bodies and, as one does for the acknowledgements, a little more. */
  private static void append(RandomAccessFile file, byte[] bytes, boolean fsync)
      throws IOException {
    file.write(bytes);
    if (fsync) {
      file.getFD().sync();
    }
    file.write(bytes, 0, bytes.length / 10);
    if (fsync) {
      file.getFD().sync();
    }
  }

  private static Speed measure(int batch, Cycle cycle) throws IOException {
    long start = System.nanoTime();
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long messages = 0;
    while (System.nanoTime() - start < ROUND_NANOS) {
      cycle.run();
      messages += batch;
    }
    cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
    return new Speed(messages * 1e9 / (System.nanoTime() - start), cpu / 1e3 / messages);
  }

  private void open(int waiting) throws IOException {
    Path place = nextFolder();
    List<String> bodies = Collections.nCopies(1000, "x".repeat(BODY_BYTES));
    try (JobQueue queue = LogJobQueue.open(place, Clock.systemUTC(), false, 5)) {
      for (int sent = 0; sent < waiting; sent += bodies.size()) {
        queue.send(bodies, Duration.ZERO);
      }
    }
    List<Double> millis = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      try (JobQueue queue = LogJobQueue.open(place, Clock.systemUTC(), true, 5)) {
        queue.receive(1, Duration.ZERO, Duration.ZERO);
      }
      millis.add((System.nanoTime() - start) / 1e6);
    }
    System.out.printf(
        Locale.ROOT,
        "%,d waiting: opened, first received and closed in %.1f ms%n",
        waiting,
        Measured.median(millis));
  }

  private Path nextFolder() {
    return folder.resolve("queue " + ++queues);
  }
}
