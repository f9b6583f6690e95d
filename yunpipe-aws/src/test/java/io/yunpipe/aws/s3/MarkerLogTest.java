package io.yunpipe.aws.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.Call.Slice;
import io.yunpipe.aws.s3.MarkerPack.Value;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class MarkerLogTest {
  private static final String SHARD = "runs/ab/r1/done/s/000001/";

  private final Parallel parallel = new Parallel(4);

  @AfterEach
  void close() {
    parallel.close();
  }

  private MarkerLog log(FakeS3 s3) {
    return log(s3, 1 << 20);
  }

  /** Opens a log as another program would. */
  private MarkerLog log(FakeS3 s3, long memory) {
    return new MarkerLog(s3, "p/", parallel, Clock.systemUTC(), losses -> {}, memory);
  }

  private static MarkerKey key(String name) {
    return new MarkerKey(SHARD, name);
  }

  private static Map<MarkerKey, byte[]> markers(String by, String... names) {
    Map<MarkerKey, byte[]> markers = new LinkedHashMap<>();
    for (String name : names) {
      markers.put(key(name), by.getBytes(UTF_8));
    }
    return markers;
  }

  @Test
  void commit_manyMarkersOfAShard_isOneRequest() {
    FakeS3 s3 = new FakeS3(1, 0, 0);
    MarkerLog log = log(s3);
    String[] names = new String[500];
    for (int i = 0; i < names.length; i++) {
      names[i] = "job-" + i;
    }

    assertThat(log.commit(markers("a", names)).values()).hasSize(500).containsOnly(true);
    assertThat(log.range(key(""), "", 1000)).hasSize(500);

    assertThat(s3.puts).hasValue(1);
    assertThat(s3.lists).as("the first look").hasValue(1);
    assertThat(s3.reads).as("is there a next slot").hasValue(1);
  }

  @Test
  void read_ofALongChain_takesFewRequests() {
    FakeS3 s3 = new FakeS3(1, 0, 0);
    MarkerLog writer = log(s3);
    for (int i = 0; i < 300; i++) {
      writer.commit(markers("x".repeat(1000), "job-" + i));
    }
    s3.reads.set(0);
    s3.lists.set(0);

    assertThat(log(s3).range(key(""), "", 1000)).hasSize(300);

    assertThat(s3.reads.get()).isBetween(2, 4);
    assertThat(s3.lists.get()).as("pages of 7").isEqualTo(43);
  }

  @Test
  void read_afterOthersWrote_seesItAll() {
    FakeS3 s3 = new FakeS3(1, 0, 0);
    MarkerLog reader = log(s3);
    MarkerLog writer = log(s3);
    int written = 0;
    for (int step : new int[] {1, 1, 2, 3, 5, 40}) {
      for (int i = 0; i < step; i++) {
        writer.commit(markers("a", "job-" + written++));
      }
      assertThat(reader.range(key(""), "", 1000)).hasSize(written);
      assertThat(reader.read(key("job-" + (written - 1)))).isPresent();
    }
  }

  @Test
  void commit_takenByAnother_isToldSo() {
    FakeS3 s3 = new FakeS3(1, 0, 0);
    MarkerLog one = log(s3);
    MarkerLog two = log(s3);
    one.read(key("a"));
    two.read(key("a"));

    assertThat(one.commit(markers("one", "a", "b"))).containsValues(true, true);
    assertThat(two.commit(markers("two", "b", "c")))
        .containsEntry(key("b"), false)
        .containsEntry(key("c"), true);

    assertThat(one.read(key("b"))).map(MarkerLogTest::text).hasValue("one");
    assertThat(one.read(key("c"))).map(MarkerLogTest::text).hasValue("two");
  }

  @Test
  void commit_answerLost_isToldOfItsOwnSuccess() {
    FakeS3 s3 = new FakeS3(1, 100, 0);

    assertThat(log(s3).commit(markers("a", "x", "y"))).containsValues(true, true);
  }

  @Test
  void memory_full_forgetsOldShardsAndReadsThemAgain() {
    FakeS3 s3 = new FakeS3(1, 0, 0);
    MarkerLog log = log(s3, 5_000);
    for (int shard = 0; shard < 20; shard++) {
      MarkerKey key = new MarkerKey("runs/ab/r1/done/s/" + shard + "/", "a");
      assertThat(log.commit(Map.of(key, new byte[1000]))).containsEntry(key, true);
    }
    int before = s3.lists.get();
    MarkerKey first = new MarkerKey("runs/ab/r1/done/s/0/", "a");
    assertThat(log.read(first)).isPresent();
    assertThat(s3.lists).hasValue(before + 1);
    assertThat(log.commit(Map.of(first, new byte[1]))).containsEntry(first, false);
  }

  @Test
  void read_damagedSlot_saysWhere() {
    FakeS3 s3 = new FakeS3(1, 0, 0);
    byte[] pack = new MarkerPack("w", 0, false, Map.of("a", new Value(new byte[9], 5))).encoded();
    pack[pack.length - 13] = 77;
    s3.put("p/" + SHARD + "~-000000", Slice.of(pack), new byte[0], Condition.absent());

    assertThatThrownBy(() -> log(s3).read(key("a")))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("p/" + SHARD + "~-000000")
        .hasMessageContaining("damaged");
  }

  /**
   * Many programs, each with some threads, commit the same jobs over and over, with lost answers,
   * conflicts and broken connections. Each job has one winner, and all see the same.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void commit_racesAndLostAnswers_haveOneWinnerPerJob(long seed) throws Exception {
    int programs = 8;
    int jobs = 500;
    FakeS3 s3 = new FakeS3(seed, 10, 4);
    List<MarkerLog> logs = new ArrayList<>();
    for (int i = 0; i < programs; i++) {
      logs.add(log(s3, seed % 2 == 0 ? 1 << 20 : 50_000));
    }
    Map<String, List<String>> winners = new ConcurrentHashMap<>();
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < programs * 2; i++) {
      String by = "writer-" + i;
      MarkerLog log = logs.get(i / 2);
      MarkerLog other = logs.get((i + 3) % programs);
      Random random = new Random(seed * 1000 + i);
      tasks.add(
          () -> {
            for (int round = 0; round < 60; round++) {
              commitSome(log, other, by, random, jobs, winners);
            }
            return true;
          });
    }
    all(tasks);

    // Whoever was told of a failure tries again, as workers do.
    s3.calm();
    MarkerLog last = log(s3);
    for (int i = 0; i < jobs; i++) {
      String name = "job-" + i;
      if (last.commit(markers("last", name)).get(key(name))) {
        winners.computeIfAbsent(name, n -> new ArrayList<>()).add("last");
      }
    }
    Map<String, Value> view = last.range(key(""), "", 1000);
    assertThat(view).hasSize(jobs);
    view.forEach(
        (key, value) -> {
          List<String> told = winners.getOrDefault(key.substring(SHARD.length()), List.of());
          assertThat(told).as(key).hasSizeLessThanOrEqualTo(1);
          told.forEach(winner -> assertThat(text(value)).isEqualTo(winner));
        });
    for (MarkerLog log : logs) {
      Map<String, Value> seen = log.range(key(""), "", 1000);
      assertThat(seen.keySet()).containsExactlyElementsOf(view.keySet());
      seen.forEach((key, value) -> assertThat(value.bytes()).isEqualTo(view.get(key).bytes()));
    }
  }

  private void commitSome(
      MarkerLog log,
      MarkerLog other,
      String by,
      Random random,
      int jobs,
      Map<String, List<String>> winners) {
    String[] names = new String[1 + random.nextInt(4)];
    for (int i = 0; i < names.length; i++) {
      names[i] = "job-" + random.nextInt(jobs);
    }
    try {
      Map<MarkerKey, Boolean> created = log.commit(markers(by, names));
      created.forEach(
          (key, done) -> {
            if (done) {
              winners
                  .computeIfAbsent(key.name(), n -> Collections.synchronizedList(new ArrayList<>()))
                  .add(by);
            }
          });
      // What a write has returned from, every later read sees, wherever it is made.
      Map<MarkerKey, Value> seen = other.read(created.keySet());
      created.forEach(
          (key, done) -> {
            assertThat(seen).containsKey(key);
            if (done) {
              assertThat(text(seen.get(key))).isEqualTo(by);
            }
          });
    } catch (BackendException e) {
      assertThat(e).hasMessage("The connection broke");
    }
  }

  @Test
  void commit_manyWritersAtOnce_splitTheLaneAndFinish() throws Exception {
    FakeS3 s3 = new FakeS3(7, 0, 0);
    s3.longest = 1000;
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      MarkerLog log = log(s3);
      String name = "job-" + i;
      tasks.add(() -> log.commit(markers("a", name)).get(key(name)));
    }

    all(tasks);

    assertThat(log(s3).range(key(""), "", 2000)).hasSize(400);
    assertThat(s3.list("p/" + SHARD + "~0", "", 7).objects()).as("lanes").isNotEmpty();
    assertThat(s3.puts.get()).as("writes, of them refused %s", s3.refused).isLessThan(2000);
  }

  private static void all(List<Callable<Boolean>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      for (Future<Boolean> done : threads.invokeAll(tasks)) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static String text(Value value) {
    return new String(value.bytes(), UTF_8);
  }
}
