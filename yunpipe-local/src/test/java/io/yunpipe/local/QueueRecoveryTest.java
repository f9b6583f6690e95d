package io.yunpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.yunpipe.BackendException;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.QueueDepth;
import io.yunpipe.testkit.ManualClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a queue makes of files that a kill, a power cut or somebody else has left. */
class QueueRecoveryTest {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final String MESSAGES = "messages-1.log";
  private static final String EVENTS = "events-1.log";

  @TempDir Path temporary;
  private final ManualClock clock = new ManualClock();
  private Path folder;
  private int copies;

  @BeforeEach
  void folder() {
    folder = temporary.resolve("queue");
  }

  // ---- reopening

  @Test
  void queue_reopened_isAsItWas() {
    List<Message> held;
    try (JobQueue queue = open(folder)) {
      queue.send(List.of("a", "b", "c", "d"), Duration.ZERO);
      queue.send(List.of("later"), Duration.ofMinutes(5));
      held = queue.receive(3, Duration.ZERO, LEASE);
      queue.acknowledge(held.subList(0, 1));
      queue.release(held.subList(1, 2), Duration.ofMinutes(3));
    }
    try (JobQueue queue = open(folder)) {
      assertThat(queue.depth()).isEqualTo(new QueueDepth(1, 1, 2));
      assertThat(receiveAll(queue)).extracting(Message::body).containsExactly("d");
      queue.extend(held, Duration.ofMinutes(10)); // the lease outlives the handle
      clock.advance(Duration.ofMinutes(4));
      assertThat(receiveAll(queue))
          .extracting(Message::body, Message::receives)
          .containsExactlyInAnyOrder(tuple("d", 2), tuple("b", 2));
      queue.acknowledge(held);
      clock.advance(Duration.ofMinutes(4));
      assertThat(receiveAll(queue))
          .extracting(Message::body)
          .containsExactlyInAnyOrder("d", "later");
    }
  }

  @Test
  void segments_wholeAcknowledged_areDeletedAndOthersKept() throws IOException {
    QueueLogs.Limits small = new QueueLogs.Limits(1000, 2000);
    try (JobQueue queue = LogJobQueue.open(folder, clock, false, 3, small)) {
      List<Message> kept = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        queue.send(List.of("message number " + i), Duration.ZERO);
      }
      assertThat(files("messages")).hasSizeGreaterThan(5);
      for (int i = 0; i < 200; i++) {
        List<Message> one = queue.receive(1, Duration.ZERO, LEASE);
        if (i == 70) {
          kept.addAll(one);
        } else {
          queue.acknowledge(one);
        }
      }
      assertThat(files("messages")).as("the kept one's and the last").hasSize(2);
      assertThat(files("events")).hasSize(1);
      clock.advance(LEASE);
      assertThat(queue.receive(1, Duration.ZERO, LEASE))
          .extracting(Message::body)
          .containsExactly("message number 70");
      queue.acknowledge(kept);
      assertThat(files("messages")).hasSize(1);
    }
    assertThat(Files.size(folder.resolve(files("events").get(0)))).isLessThan(5000);
  }

  @Test
  void queue_deleted_isNewWhenOpenedAgainAndTellsFormerHandles() {
    try (JobQueue former = open(folder)) {
      former.send(List.of("a"), Duration.ZERO);
      List<Message> held = receiveAll(former);
      LogJobQueue.delete(folder);
      assertThatThrownBy(() -> former.send(List.of("b"), Duration.ZERO))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(folder + " was deleted by another program");
      try (JobQueue queue = open(folder)) {
        queue.send(List.of("new"), Duration.ZERO);
        assertThat(receiveAll(queue)).extracting(Message::body).containsExactly("new");
        queue.acknowledge(held); // of the former queue
        assertThat(queue.depth()).isEqualTo(new QueueDepth(0, 1, 0));
      }
    }
    LogJobQueue.delete(folder);
    LogJobQueue.delete(folder);
    LogJobQueue.delete(temporary.resolve("never there"));
  }

  // ---- torn tails

  @ParameterizedTest
  @ValueSource(strings = {"cut", "zeros", "garbage"})
  void lastMessage_halfWritten_isDroppedAndAllElseIsThere(String how) throws IOException {
    long before;
    try (JobQueue queue = open(folder)) {
      queue.send(List.of("a", "b"), Duration.ZERO);
      before = size(MESSAGES);
      queue.send(List.of("the third"), Duration.ZERO);
    }
    for (long at = before; at < size(MESSAGES); at++) {
      Path copy = copy();
      spoil(copy.resolve(MESSAGES), at, how);
      try (JobQueue queue = open(copy)) {
        queue.send(List.of("after"), Duration.ZERO);
        assertThat(receiveAll(queue)).extracting(Message::body).containsExactly("a", "b", "after");
      }
      try (JobQueue queue = open(copy)) {
        assertThat(queue.depth()).as("%s at byte %d", how, at).isEqualTo(new QueueDepth(0, 3, 0));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "zeros", "garbage"})
  void lastEvent_halfWritten_hasNotHappened(String how) throws IOException {
    long before;
    try (JobQueue queue = open(folder)) {
      queue.send(List.of("a", "b", "c"), Duration.ZERO);
      List<Message> held = queue.receive(2, Duration.ZERO, LEASE);
      before = size(EVENTS);
      queue.acknowledge(held);
    }
    for (long at = before; at < size(EVENTS); at++) {
      Path copy = copy();
      spoil(copy.resolve(EVENTS), at, how);
      try (JobQueue queue = open(copy)) {
        assertThat(queue.depth()).as("%s at byte %d", how, at).isEqualTo(new QueueDepth(1, 2, 0));
        queue.acknowledge(queue.receive(1, Duration.ZERO, LEASE));
      }
      try (JobQueue queue = open(copy)) {
        assertThat(queue.depth()).isEqualTo(new QueueDepth(0, 2, 0));
      }
    }
  }

  @Test
  void tail_tornWhileAnotherHandleIsOpen_isDroppedByIt() throws IOException {
    try (JobQueue queue = open(folder)) {
      queue.send(List.of("a"), Duration.ZERO);
      append(folder.resolve(MESSAGES), new byte[] {0, 0, 0, 30, 1, 2, 3});
      append(folder.resolve(EVENTS), new byte[] {0, 0, 0, 30, 1, 2, 3, 4, 5, 6, 7, 8, 9});
      assertThat(receiveAll(queue)).extracting(Message::body).containsExactly("a");
      queue.send(List.of("b"), Duration.ZERO);
      assertThat(receiveAll(queue)).extracting(Message::body).containsExactly("b");
    }
    try (JobQueue queue = open(folder)) {
      assertThat(queue.depth()).isEqualTo(new QueueDepth(0, 2, 0));
    }
  }

  @Test
  void creation_interrupted_startsAgain() throws IOException {
    open(folder).close();
    Files.delete(folder.resolve(EVENTS)); // the messages' file is made first
    Files.writeString(folder.resolve(EVENTS + ".tmp"), "half");
    try (JobQueue queue = open(folder)) {
      queue.send(List.of("a"), Duration.ZERO);
      assertThat(receiveAll(queue)).hasSize(1);
    }
  }

  @Test
  void files_markedAsFollowedButNotFollowed_areFollowedByWhoeverComesNext() throws IOException {
    try (JobQueue former = open(folder)) {
      former.send(List.of("a", "b"), Duration.ZERO);
      former.acknowledge(former.receive(1, Duration.ZERO, LEASE));
      appendMark(MESSAGES, MessageLog.ROLLED); // and then its writer was killed
      appendMark(EVENTS, QueueState.ROTATED);
      try (JobQueue queue = open(folder)) {
        assertThat(receiveAll(queue)).extracting(Message::body).containsExactly("b");
        queue.send(List.of("c"), Duration.ZERO);
        assertThat(receiveAll(former)).extracting(Message::body).containsExactly("c");
        former.send(List.of("d"), Duration.ZERO);
        assertThat(receiveAll(queue)).extracting(Message::body).containsExactly("d");
      }
    }
    assertThat(files("events")).containsExactly("events-2.log");
    assertThat(files("messages")).containsExactlyInAnyOrder(MESSAGES, "messages-2.log");
    try (JobQueue queue = open(folder)) {
      assertThat(queue.depth()).isEqualTo(new QueueDepth(0, 3, 0));
    }
  }

  private void appendMark(String name, int kind) {
    try (LogFile file = LogFile.open(folder.resolve(name), 1, false)) {
      file.scan(0, (recordKind, offset, payload) -> {});
      RecordBuffer mark = new RecordBuffer().reset(file);
      mark.begin(kind, 0).end();
      file.append(mark);
    }
  }

  /** Somebody may receive a message before its sender's fsync is done; then the power goes. */
  @Test
  void message_leasedBeforeItWasStored_isForgottenIfThePowerTakesIt() throws IOException {
    long stored;
    try (QueueLogs logs = QueueLogs.open(folder, true, QueueLogs.Limits.DEFAULT)) {
      stored = size(MESSAGES);
      logs.lock().enter();
      logs.lockAndRefresh();
      long[] sent = logs.messages().append(List.of(new byte[10], new byte[10]), false);
      long end = logs.messages().end();
      logs.events().addOwner(1, Lessee.current());
      logs.events().addLease(1, Long.MAX_VALUE, end, 2, logs.messages().synced(), sent);
      logs.events().commit();
      logs.unlock();
      logs.lock().leave();
    }
    truncate(folder.resolve(MESSAGES), stored + 3);
    for (int i = 0; i < 2; i++) {
      try (JobQueue queue = open(folder)) {
        assertThat(queue.depth().empty()).isTrue();
        queue.send(List.of("a"), Duration.ZERO);
        List<Message> received = receiveAll(queue);
        assertThat(received)
            .extracting(Message::body, Message::receives)
            .containsExactly(tuple("a", 1));
        queue.acknowledge(received);
      }
    }
  }

  /** Cuts both logs anywhere behind what an fsync has covered, and looks for what was promised. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void powerCut_anywhere_losesNothingThatWasPromised(long seed) throws IOException {
    Random random = new Random(seed);
    Set<String> sent = new HashSet<>();
    Set<String> acknowledged = new HashSet<>();
    List<Message> held = new ArrayList<>();
    try (JobQueue queue = open(folder)) {
      long durableMessages = size(MESSAGES);
      long durableEvents = size(EVENTS);
      for (int step = 0; step < 120; step++) {
        String body = "message " + step;
        switch (random.nextInt(4)) {
          case 0 -> {
            boolean delayed = random.nextInt(4) == 0;
            queue.send(List.of(body), delayed ? Duration.ofSeconds(30) : Duration.ZERO);
            sent.add(body);
            durableMessages = size(MESSAGES);
            durableEvents = delayed ? size(EVENTS) : durableEvents;
          }
          case 1 -> held.addAll(queue.receive(1 + random.nextInt(3), Duration.ZERO, LEASE));
          case 2 -> {
            if (!held.isEmpty()) {
              Message message = held.remove(random.nextInt(held.size()));
              queue.acknowledge(List.of(message));
              acknowledged.add(message.body());
              durableEvents = size(EVENTS);
            }
          }
          default -> {
            queue.release(held.subList(0, held.size() / 2), Duration.ofSeconds(5));
            held.subList(0, held.size() / 2).clear();
            clock.advance(Duration.ofSeconds(2));
          }
        }
        Path copy = copy();
        truncateWithin(copy.resolve(MESSAGES), durableMessages, random);
        truncateWithin(copy.resolve(EVENTS), durableEvents, random);
        Set<String> expected = new HashSet<>(sent);
        expected.removeAll(acknowledged);
        assertThat(drain(copy)).as("step %d", step).isEqualTo(expected);
      }
    }
  }

  private Set<String> drain(Path where) {
    ManualClock later = new ManualClock(clock.instant().plus(Duration.ofDays(1)));
    Set<String> bodies = new HashSet<>();
    try (JobQueue queue = LogJobQueue.open(where, later, true, 1000)) {
      queue.send(List.of("after"), Duration.ZERO);
      receiveAll(queue).forEach(message -> bodies.add(message.body()));
      assertThat(queue.depth().ready()).isZero();
    }
    assertThat(bodies.remove("after")).isTrue();
    return bodies;
  }

  // ---- damage

  @Test
  void storedMessage_damaged_isReportedAndNothingIsChanged() throws IOException {
    try (JobQueue queue = open(folder)) {
      queue.send(List.of("a"), Duration.ZERO);
      queue.send(List.of("b"), Duration.ZERO);
      queue.send(List.of("c"), Duration.ZERO);
    }
    assertDamageIsFound(MESSAGES, 45);
    assertDamageIsFound(MESSAGES, 3);
  }

  @Test
  void storedEvent_damaged_isReportedAndNothingIsChanged() throws IOException {
    try (JobQueue queue = open(folder)) {
      queue.send(List.of("a", "b"), Duration.ZERO);
      long snapshot = size(EVENTS);
      for (int i = 0; i < 2; i++) {
        queue.acknowledge(queue.receive(1, Duration.ZERO, LEASE));
      }
      assertDamageIsFound(EVENTS, snapshot + 20);
    }
    assertDamageIsFound(EVENTS, 20);
  }

  @Test
  void messages_shorterThanTheEventsKnow_areReported() throws IOException {
    try (JobQueue queue = open(folder)) {
      queue.send(List.of("a", "b"), Duration.ZERO);
      receiveAll(queue);
    }
    Path copy = copy();
    truncate(copy.resolve(MESSAGES), 40);
    assertThatThrownBy(() -> open(copy))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(
            copy.resolve(MESSAGES) + " is damaged at byte 40: it has 40 bytes of");
  }

  @ParameterizedTest
  @ValueSource(strings = {MESSAGES, EVENTS})
  void file_missing_isReported(String name) throws IOException {
    try (JobQueue queue = open(folder)) {
      queue.send(List.of("a"), Duration.ZERO);
      receiveAll(queue);
    }
    Files.delete(folder.resolve(name));
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(BackendException.class)
        .hasMessageMatching(
            "(?s).*" + name.replaceAll("-1", "-(1|<n>)") + " is missing\\. .*delete it.*");
  }

  private void assertDamageIsFound(String name, long at) throws IOException {
    Path copy = copy();
    Path file = copy.resolve(name);
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int value = bytes.read();
      bytes.seek(at);
      bytes.write(value ^ 4);
    }
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> open(copy))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("The queue's file " + file + " is damaged at byte ")
        .hasMessageContaining("Restore the folder from a backup, or delete it");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  // ---- steps

  private JobQueue open(Path where) {
    return LogJobQueue.open(where, clock, true, 1000);
  }

  private static List<Message> receiveAll(JobQueue queue) {
    return queue.receive(1000, Duration.ZERO, LEASE);
  }

  private long size(String name) throws IOException {
    return Files.size(folder.resolve(name));
  }

  private List<String> files(String kind) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).filter(n -> n.startsWith(kind)).toList();
    }
  }

  private Path copy() throws IOException {
    Path copy = Files.createDirectory(temporary.resolve("copy " + copies++));
    for (String name : List.of(MESSAGES, EVENTS)) {
      Files.copy(folder.resolve(name), copy.resolve(name));
    }
    return copy;
  }

  private static void spoil(Path file, long at, String how) throws IOException {
    int length = (int) (Files.size(file) - at);
    truncate(file, at);
    byte[] tail = new byte[length];
    if (how.equals("garbage")) {
      new Random(at).nextBytes(tail);
    }
    if (!how.equals("cut")) {
      append(file, tail);
    }
  }

  private static void truncateWithin(Path file, long durable, Random random) throws IOException {
    long size = Files.size(file);
    truncate(file, durable + random.nextInt((int) (size - durable) + 1));
  }

  private static void truncate(Path file, long length) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(length);
    }
  }

  private static void append(Path file, byte[] tail) throws IOException {
    Files.write(file, tail, StandardOpenOption.APPEND);
  }
}
