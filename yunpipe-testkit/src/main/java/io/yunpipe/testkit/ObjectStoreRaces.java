package io.yunpipe.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The part of {@link ObjectStoreContract} about many callers at once, in one program and over two
 * stores in the same place.
 */
abstract class ObjectStoreRaces extends ObjectStoreReads {
  private static final int THREADS = 16;

  @ParameterizedTest
  @MethodSource("places")
  void putIfAbsent_sixteenAtOnce_hasOneWinner(String place) throws Exception {
    try (ObjectStore second = secondStore()) {
      for (int round = 0; round < 25; round++) {
        String key = place + "race-" + round;
        List<Boolean> won =
            atOnce(i -> store(i, second).putIfAbsent(key, Content.of("{\"by\":" + i + "}")));

        assertThat(won).containsOnlyOnce(true);
        assertThat(store.read(key))
            .hasValue(("{\"by\":" + won.indexOf(true) + "}").getBytes(UTF_8));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("places")
  void putAllIfAbsent_sixteenAtOnce_hasOneWinnerPerKey(String place) throws Exception {
    try (ObjectStore second = secondStore()) {
      List<List<Boolean>> created =
          atOnce(
              i -> {
                Map<String, byte[]> contents = new TreeMap<>();
                for (int n = 0; n < 40; n++) {
                  contents.put(place + "%02d".formatted(n), ("{\"by\":" + i + "}").getBytes(UTF_8));
                }
                return store(i, second).putAllIfAbsent(contents);
              });

      for (int n = 0; n < 40; n++) {
        int key = n;
        List<Boolean> won = created.stream().map(each -> each.get(key)).toList();
        assertThat(won).containsOnlyOnce(true);
        assertThat(second.read(place + "%02d".formatted(n)))
            .hasValue(("{\"by\":" + won.indexOf(true) + "}").getBytes(UTF_8));
      }
      assertThat(store.count(place)).isEqualTo(40);
    }
  }

  @ParameterizedTest
  @MethodSource("places")
  void putIfMatch_sixteenAtOnce_losesNoUpdate(String place) throws Exception {
    assumeChangeable(place);
    Assumptions.assumeTrue(losesUpdatesBecause().isEmpty(), losesUpdatesBecause());
    String key = place + "counter";
    store.put(key, Content.of("100"));
    try (ObjectStore second = secondStore()) {
      atOnce(
          i -> {
            for (int n = 0; n < 10; n++) {
              increment(store(i, second), key);
            }
            return true;
          });
    }
    assertThat(store.read(key)).hasValue("260".getBytes(UTF_8));
  }

  private static void increment(ObjectStore store, String key) {
    while (true) {
      ObjectInfo info = store.head(key).orElseThrow();
      int value = Integer.parseInt(new String(store.read(key).orElseThrow(), UTF_8));
      // What was read may be newer than the tag, but then the tag no longer matches.
      if (store.putIfMatch(key, Content.of(Integer.toString(value + 1)), info.etag())) {
        return;
      }
    }
  }

  @Test
  void put_whileOthersRead_isSeenWholeOrNotAtAll() throws Exception {
    int size = 300_000;
    AtomicBoolean done = new AtomicBoolean();
    try (ObjectStore second = secondStore()) {
      atOnce(
          i -> {
            if (i == 0) {
              for (int n = 0; n < 60; n++) {
                byte[] bytes = new byte[size + n];
                Arrays.fill(bytes, (byte) n);
                store(n, second).put("data/a", Content.of(bytes));
              }
              done.set(true);
            } else if (i < 5) {
              while (!done.get()) {
                store(i, second).read("data/a").ifPresent(bytes -> assertUniform(bytes, size));
              }
            }
            return true;
          });
    }
    assertUniform(store.read("data/a").orElseThrow(), size);
  }

  private static void assertUniform(byte[] bytes, int size) {
    byte[] expected = new byte[size + bytes[0]];
    Arrays.fill(expected, bytes[0]);
    assertThat(Arrays.equals(bytes, expected)).as("one write's bytes").isTrue();
  }

  @ParameterizedTest
  @MethodSource("places")
  void list_whileOthersWrite_missesNothingThatWasThere(String place) throws Exception {
    assumeChangeable(place);
    for (int n = 0; n < 100; n++) {
      store.put(place + "m%03d".formatted(n), Content.of("{}"));
    }
    AtomicBoolean done = new AtomicBoolean();
    try (ObjectStore second = secondStore()) {
      atOnce(
          i -> {
            if (i < 2) {
              for (int n = 0; n < 100; n++) {
                store(i, second).put(place + (i == 0 ? "a" : "z") + n, Content.of("{}"));
                store(i, second).delete(place + (i == 0 ? "a" : "z") + (n - 5));
              }
              done.set(true);
            } else if (i < 6) {
              while (!done.get()) {
                List<ObjectInfo> page = store(i, second).list(place, "", 1000);
                assertThat(page)
                    .extracting(ObjectInfo::key)
                    .filteredOn(k -> k.startsWith(place + "m"))
                    .hasSize(100);
                assertThat(store(i, second).count(place)).isGreaterThanOrEqualTo(100);
              }
            }
            return true;
          });
    }
  }

  @ParameterizedTest
  @MethodSource("places")
  void delete_whileOthersWriteBeside_losesNothing(String place) throws Exception {
    assumeChangeable(place);
    String folder = place.substring(0, place.length() - 1);
    try (ObjectStore second = secondStore()) {
      atOnce(
          i -> {
            for (int n = 0; n < 30; n++) {
              String key = folder + "/t" + i;
              assertThat(store(n, second).putIfAbsent(key, Content.of("{}"))).isTrue();
              assertThat(store(n + 1, second).read(key)).isPresent();
              store(n, second).delete(key);
            }
            return store(i, second).putIfAbsent(folder + "/last" + i, Content.of("{}"));
          });
    }
    assertThat(store.count(place)).isEqualTo(THREADS);
  }

  private ObjectStore store(int i, ObjectStore second) {
    return i % 2 == 0 ? store : second;
  }

  private interface Task<T> {
    T run(int thread) throws Exception;
  }

  private static <T> List<T> atOnce(Task<T> task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        Callable<T> call =
            () -> {
              start.await(60, TimeUnit.SECONDS);
              return task.run(thread);
            };
        futures.add(threads.submit(call));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(result(future));
      }
      return results;
    } finally {
      threads.shutdownNow();
      assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).as("all threads ended").isTrue();
    }
  }

  private static <T> T result(Future<T> future) throws Exception {
    try {
      return future.get(100, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("A thread failed", e.getCause());
    }
  }
}
