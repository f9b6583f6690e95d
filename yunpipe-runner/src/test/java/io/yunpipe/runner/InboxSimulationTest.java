package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Direct uploads under many random schedules; {@code -Dyunpipe.schedules=N} and {@code
 * -Dyunpipe.seed=N} as for the protocol.
 */
class InboxSimulationTest {
  private static final int SCHEDULES = Integer.getInteger("yunpipe.schedules", 60);
  private static final long SEED = Long.getLong("yunpipe.seed", 1);
  private static final int ENOUGH_TO_CATCH = 300;

  @Test
  void uploads_underAnySchedule_areEachInOneRunThatFinishes() {
    for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
      try {
        new InboxSimulation(seed, store -> store).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /** What a router relies on, taken away: the simulation must notice. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenStores")
  void store_thatBreaksAPromise_isCaught(String what, UnaryOperator<ObjectStore> broken) {
    boolean caught = false;
    for (long seed = 1; seed <= ENOUGH_TO_CATCH && !caught; seed++) {
      try {
        new InboxSimulation(seed, broken).run();
      } catch (AssertionError | RuntimeException e) {
        caught = true;
      }
    }
    assertThat(caught).as("%s is caught in one of %d", what, ENOUGH_TO_CATCH).isTrue();
  }

  static Stream<Arguments> brokenStores() {
    return Stream.of(
        Arguments.of(
            "a creation that replaces shards", (UnaryOperator<ObjectStore>) Replacing::new),
        Arguments.of("a listing without the inbox", (UnaryOperator<ObjectStore>) WithoutInbox::new),
        Arguments.of(
            "what earlier runs took is forgotten", (UnaryOperator<ObjectStore>) Forgetting::new));
  }

  private static final class Replacing extends DelegatingStore {
    Replacing(ObjectStore store) {
      super(store);
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
      if (key.contains("/manifest/")) {
        put(key, content);
        return true;
      }
      return super.putIfAbsent(key, content);
    }
  }

  private static final class WithoutInbox extends DelegatingStore {
    WithoutInbox(ObjectStore store) {
      super(store);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
      return prefix.startsWith("inbox/") ? List.of() : super.list(prefix, after, limit);
    }
  }

  private static final class Forgetting extends DelegatingStore {
    Forgetting(ObjectStore store) {
      super(store);
    }

    @Override
    public Optional<byte[]> read(String key) {
      return key.endsWith("/taken") ? Optional.of(new byte[0]) : super.read(key);
    }
  }
}
