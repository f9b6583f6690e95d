package io.yunpipe.local;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A program that uses a queue until it is killed, and says on standard output what it has done. */
final class QueueWorkload {
  static final QueueLogs.Limits LIMITS = new QueueLogs.Limits(20_000, 10_000);
  static final int MANY = 1_000_000;
  static final int MAX_RECEIVES = 1_000_000;

  private QueueWorkload() {}

  /** Arguments: the verb, the queue's folder, a name for this program, fsync. */
  public static void main(String[] args) throws InterruptedException {
    Path folder = Path.of(args[1]);
    boolean fsync = Boolean.parseBoolean(args[3]);
    QueueLogs.Limits limits = args[0].equals("work") ? LIMITS : QueueLogs.Limits.DEFAULT;
    JobQueue queue = LogJobQueue.open(folder, Clock.systemUTC(), fsync, MAX_RECEIVES, limits);
    switch (args[0]) {
      case "hold" -> {
        System.out.println("held " + queue.receive(100, Duration.ZERO, Duration.ofHours(1)).size());
        Thread.currentThread().join();
      }
      case "work" -> {
        List<Thread> threads =
            IntStream.range(0, 3)
                .mapToObj(i -> new Thread(() -> work(queue, args[2] + "-" + i, System.out)))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
          thread.join();
        }
        System.exit(1); // never ends by itself unless something failed
      }
      case "fill" -> {
        for (int i = 0; i < MANY / 1000; i++) {
          int from = i * 1000;
          queue.send(
              IntStream.range(from, from + 1000).mapToObj(n -> "message " + n).toList(),
              Duration.ZERO);
        }
        System.out.println("filled " + queue.depth());
        queue.close();
      }
      case "drain" -> {
        System.out.println("opened " + queue.depth());
        System.out.println("drained " + drain(queue) + " " + queue.depth());
        queue.close();
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** Returns how many different messages there were. */
  private static int drain(JobQueue queue) {
    BitSet seen = new BitSet(MANY);
    List<Message> some = queue.receive(1000, Duration.ZERO, Duration.ofHours(1));
    while (!some.isEmpty()) {
      some.forEach(message -> seen.set(Integer.parseInt(message.body().substring(8))));
      queue.acknowledge(some);
      some = queue.receive(1000, Duration.ZERO, Duration.ofHours(1));
    }
    return seen.cardinality();
  }

  private static void work(JobQueue queue, String name, PrintStream out) {
    Random random = new Random(name.hashCode());
    for (int i = 0; ; i++) {
      List<String> bodies = new ArrayList<>();
      for (int n = random.nextInt(3); n >= 0; n--) {
        bodies.add(name + "-" + i + "-" + n + "-" + "x".repeat(random.nextInt(200)));
      }
      say(out, "sending", bodies);
      queue.send(bodies, random.nextInt(4) == 0 ? Duration.ofMillis(20) : Duration.ZERO);
      say(out, "sent", bodies);
      Duration lease = Duration.ofMillis(random.nextInt(3) == 0 ? 30 : 60_000);
      List<Message> held = queue.receive(1 + random.nextInt(8), Duration.ofMillis(1), lease);
      boolean some = random.nextInt(4) == 0;
      List<Message> done = some ? held.subList(0, random.nextInt(held.size() + 1)) : held;
      say(out, "acknowledging", bodies(done));
      queue.acknowledge(done);
      say(out, "acknowledged", bodies(done));
      queue.release(held, Duration.ofMillis(random.nextInt(10)));
    }
  }

  private static List<String> bodies(List<Message> messages) {
    return messages.stream().map(Message::body).toList();
  }

  private static void say(PrintStream out, String verb, List<String> bodies) {
    out.println(verb + " " + String.join(" ", bodies));
  }
}
