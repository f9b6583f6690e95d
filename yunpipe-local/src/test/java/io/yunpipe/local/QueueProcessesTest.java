package io.yunpipe.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several programs on one queue, killed at any moment. */
class QueueProcessesTest {
  private static final int KILLS = 30;

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void killAll() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  @Timeout(60)
  void lease_ofAProcessThatWasKilled_endsAtOnceAndCountsAsAReceive() throws Exception {
    try (JobQueue queue = open(true)) {
      queue.send(List.of("a", "b"), Duration.ZERO);
      Process holder = start("hold", "holder", true);
      try (BufferedReader out = holder.inputReader()) {
        assertThat(out.readLine()).isEqualTo("held 2");
        assertThat(queue.receive(9, Duration.ofMillis(500), Duration.ofMinutes(1)))
            .as("while the other lives")
            .isEmpty();
        kill(holder);
      }
      try (JobQueue opened = open(true)) {
        assertThat(opened.receive(1, Duration.ZERO, Duration.ofMinutes(1)))
            .as("opened after its death")
            .extracting(Message::receives)
            .containsExactly(2);
      }
      assertThat(queue.receive(1, Duration.ofSeconds(20), Duration.ofMinutes(1)))
          .as("opened before its death")
          .extracting(Message::receives)
          .containsExactly(2);
    }
  }

  /** Two programs at work; now one, now the other is killed, in the middle of whatever it does. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Timeout(300)
  void programs_killedAtAnyMoment_loseNothingAndBringNothingBack(boolean fsync) throws Exception {
    Random random = new Random(20261121);
    Ledger ledger = new Ledger();
    List<Program> programs = new ArrayList<>();
    for (int i = 0; i < KILLS / 2; i++) {
      while (programs.size() < 2) {
        programs.add(new Program(start("work", "p" + i + "-" + programs.size(), fsync), ledger));
      }
      // Real time: what a kill meets is the point.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(400)));
      programs.remove(random.nextInt(2)).killAndReadOn();
    }
    for (Program program : programs) {
      program.killAndReadOn();
    }
    Set<String> left = new HashSet<>();
    try (JobQueue queue = open(fsync)) {
      List<Message> some;
      do { // delays are over soon, leases ended with their holders
        some = queue.receive(1000, Duration.ofMillis(300), Duration.ofHours(1));
        some.forEach(message -> assertThat(left.add(message.body())).isTrue());
      } while (!some.isEmpty());
    }
    assertThat(ledger.acknowledged).as("something was done").hasSizeGreaterThan(100);
    Set<String> mustBeLeft = new TreeSet<>(ledger.sent);
    mustBeLeft.removeAll(ledger.acknowledging);
    assertThat(left).as("sent, and nobody tried to acknowledge it").containsAll(mustBeLeft);
    assertThat(left).as("acknowledged").doesNotContainAnyElementsOf(ledger.acknowledged);
    assertThat(ledger.sending).as("only what was sent").containsAll(left);
  }

  @Test
  @Timeout(300)
  void millionMessages_waitAndAreDelivered_inASmallHeap() throws Exception {
    assertThat(outputOf(start("fill", "filler", true)))
        .containsExactly("filled QueueDepth[ready=1000000, leased=0, delayed=0]");
    long start = System.nanoTime();
    open(true).close();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("opening reads no bodies but the last segment's")
        .isLessThan(Duration.ofSeconds(3));
    assertThat(outputOf(start("drain", "drainer", true)))
        .containsExactly(
            "opened QueueDepth[ready=1000000, leased=0, delayed=0]",
            "drained 1000000 QueueDepth[ready=0, leased=0, delayed=0]");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .as("segments are deleted")
          .hasSize(3)
          .contains("lock");
    }
  }

  private static List<String> outputOf(Process process) throws IOException {
    try (BufferedReader out = process.inputReader()) {
      return out.lines().toList();
    }
  }

  /** What the programs said. */
  private static final class Ledger {
    final Set<String> sending = ConcurrentHashMap.newKeySet();
    final Set<String> sent = ConcurrentHashMap.newKeySet();
    final Set<String> acknowledging = ConcurrentHashMap.newKeySet();
    final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    void read(String line) {
      int blank = line.indexOf(' ');
      List<String> bodies = List.of(line.substring(blank + 1).split(" ", -1));
      switch (line.substring(0, Math.max(0, blank))) {
        case "sending" -> sending.addAll(bodies);
        case "sent" -> sent.addAll(bodies);
        case "acknowledging" -> acknowledging.addAll(bodies);
        case "acknowledged" -> acknowledged.addAll(bodies);
        default -> throw new AssertionError("The program said: " + line);
      }
    }
  }

  private static final class Program {
    private final Process process;
    private final Thread reader;
    private volatile String trouble = "";

    Program(Process process, Ledger ledger) {
      this.process = process;
      reader = new Thread(() -> read(process, ledger));
      reader.start();
    }

    private void read(Process from, Ledger ledger) {
      try (BufferedReader out = from.inputReader()) {
        String next = out.readLine();
        while (next != null) {
          String line = next;
          next = out.readLine();
          if (next != null) { // the last line may have been cut short
            ledger.read(line);
          } else if (line.startsWith("sending ") || line.startsWith("acknowledging ")) {
            ledger.read(line); // counts as tried, even if its end is missing
          }
        }
      } catch (IOException | AssertionError e) {
        trouble = e.toString();
      }
    }

    void killAndReadOn() throws InterruptedException {
      assertThat(process.isAlive()).as("worked until it was killed; %s", trouble).isTrue();
      kill(process);
      reader.join();
      assertThat(trouble).isEmpty();
    }
  }

  private static void kill(Process process) throws InterruptedException {
    process.toHandle().destroyForcibly(); // the process's own method closes its output
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  private JobQueue open(boolean fsync) {
    return LogJobQueue.open(
        folder, Clock.systemUTC(), fsync, QueueWorkload.MAX_RECEIVES, QueueWorkload.LIMITS);
  }

  private Process start(String verb, String name, boolean fsync) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            QueueWorkload.class.getName(),
            verb,
            folder.toString(),
            name,
            String.valueOf(fsync));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    started.add(process);
    return process;
  }
}
