package io.yunpipe.aws.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.BackendException;
import io.yunpipe.Resources;
import io.yunpipe.aws.http.AwsError;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.spi.Demand;
import io.yunpipe.spi.QueueDepth;
import io.yunpipe.spi.Staff;
import io.yunpipe.testkit.ManualClock;
import io.yunpipe.testkit.MemoryObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FleetComputeTest {
  private final ManualClock clock = new ManualClock();
  private final MemoryObjectStore store = new MemoryObjectStore(clock);
  private final Engine engine = new Engine();
  private QueueDepth depth = new QueueDepth(50, 0, 0);

  /** An engine that starts at once. */
  private static final class Engine implements Fleet {
    final List<Order> orders = new ArrayList<>();
    Census census = Census.NONE;
    @Nullable BackendException refusal;
    Optional<String> lastEnd = Optional.empty();
    int looks;
    int sweeps;

    @Override
    public Census census(String stage, long since) {
      looks++;
      if (refusal != null) {
        throw refusal;
      }
      return census;
    }

    @Override
    public void launch(Order order) {
      orders.add(order);
      census = new Census(census.running(), census.starting() + order.count(), Optional.empty());
    }

    @Override
    public Optional<String> lastEnd(String stage) {
      return lastEnd;
    }

    @Override
    public int endOld() {
      sweeps++;
      return 0;
    }

    @Override
    public int left() {
      return census.alive();
    }

    @Override
    public int stopAll(String reason) {
      int alive = census.alive();
      census = Census.NONE;
      return alive;
    }
  }

  /** Another program on the same store and engine. */
  private FleetCompute program() {
    return new FleetCompute(engine, new Turns(store, "letters", clock), stage -> depth, 100, clock);
  }

  private static Demand demand(long jobs) {
    return new Demand("upper", "upper", Resources.DEFAULT, "c7i.large", jobs);
  }

  @Test
  void demand_ofSeveralPrograms_startsWorkersOnce() {
    program().ensureWorkers(demand(50));
    program().ensureWorkers(demand(50));
    assertThat(engine.orders).singleElement().extracting(Order::count).isEqualTo(13);
    assertThat(engine.orders.get(0).instanceType()).isEqualTo("c7i.large");
    clock.advance(Duration.ofSeconds(21));
    program().ensureWorkers(demand(50));
    assertThat(engine.orders).as("enough start already").hasSize(1);
    assertThat(engine.looks).isEqualTo(2);
  }

  @Test
  void staff_isWhatWasSeenLast_andAllThatWereAskedFor() {
    FleetCompute compute = program();
    assertThat(compute.staff("upper")).isEmpty();
    compute.ensureWorkers(demand(50));
    assertThat(compute.staff("upper")).hasValue(new Staff(13, 13));
    clock.advance(Duration.ofSeconds(21));
    engine.census = new Census(1, 0, Optional.empty());
    depth = new QueueDepth(30, 1, 0);
    compute.ensureWorkers(demand(30));
    assertThat(compute.staff("upper")).hasValue(new Staff(8, 20));
  }

  @Test
  void demand_repeatedEachSecond_isLookedAtEachTwentySeconds() {
    FleetCompute compute = program();
    for (int second = 0; second < 100; second++) {
      compute.ensureWorkers(demand(50));
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(engine.looks).isEqualTo(5);
  }

  @Test
  void demand_forNothing_asksNobody() {
    program().ensureWorkers(demand(0));
    assertThat(engine.looks).isZero();
  }

  @Test
  void queue_thatDoesNotShowWhatWasJustSent_isNotWaitedFor() {
    depth = new QueueDepth(0, 0, 0);
    program().ensureWorkers(demand(20));
    assertThat(engine.orders).singleElement().extracting(Order::count).isEqualTo(5);
  }

  @Test
  void jobs_thatAreAllAtWork_getNoMoreWorkers() {
    depth = new QueueDepth(0, 20, 0);
    engine.census = new Census(2, 0, Optional.empty());
    program().ensureWorkers(demand(20));
    assertThat(engine.orders).isEmpty();
  }

  @Test
  void programWithoutTheRight_leavesWorkersToOthers() {
    engine.refusal =
        new BackendException(
            "no", new AwsRefusal(new AwsError(403, "AccessDeniedException", "no", "")));
    FleetCompute lab = program();
    lab.ensureWorkers(demand(50));
    clock.advance(Duration.ofMinutes(5));
    lab.ensureWorkers(demand(50));
    assertThat(engine.looks).isOne();
    assertThat(lab.problem()).isEmpty();
    engine.refusal = null;
    program().ensureWorkers(demand(50));
    assertThat(engine.orders).hasSize(1);
  }

  @Test
  void router_withoutTheRight_tellsSo_andTriesAgain() {
    FleetCompute router = program();
    engine.refusal =
        new BackendException(
            "Missing permission: batch:SubmitJob",
            new AwsRefusal(new AwsError(403, "AccessDeniedException", "no", "")));
    router.ensureWorkers(demand(50));
    assertThat(router.problem()).as("an upload came before the first tick").isEmpty();
    router.sweep();
    assertThat(engine.sweeps).isOne();
    clock.advance(Duration.ofMinutes(1));
    router.ensureWorkers(demand(50));
    assertThat(router.problem()).hasValue("Missing permission: batch:SubmitJob");
    engine.refusal = null;
    clock.advance(Duration.ofMinutes(1));
    router.ensureWorkers(demand(50));
    assertThat(router.problem()).isEmpty();
    assertThat(engine.orders).hasSize(1);
  }

  /** Looks once a minute at workers that are gone by the next look. */
  private List<Integer> launchesPerMinute(FleetCompute compute, int minutes) {
    List<Integer> launches = new ArrayList<>();
    for (int minute = 0; minute < minutes; minute++) {
      int before = engine.orders.stream().mapToInt(Order::count).sum();
      compute.ensureWorkers(demand(50));
      launches.add(engine.orders.stream().mapToInt(Order::count).sum() - before);
      engine.census = Census.NONE;
      clock.advance(Duration.ofMinutes(1));
    }
    return launches;
  }

  @Test
  void workers_thatEndAtOnce_areTriedLessAndLess_andToldInTheEnginesWords() {
    engine.lastEnd = Optional.of("Batch says: CannotPullContainerError");
    FleetCompute router = program();
    assertThat(launchesPerMinute(router, 2)).containsExactly(13, 13);
    assertThat(router.problem()).as("one round may be bad luck").isEmpty();
    assertThat(launchesPerMinute(router, 15))
        .containsExactly(0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0);
    assertThat(router.problem().orElse(""))
        .startsWith("Workers of stage upper end without taking a message, 5 times in a row.")
        .contains("Batch says: CannotPullContainerError.")
        .contains("every 16 minutes")
        .contains("yunpipe init");
    engine.orders.clear();
    assertThat(launchesPerMinute(router, 24 * 60).stream().mapToInt(n -> n).sum()).isLessThan(50);
  }

  @Test
  void workers_thatEndAtOnce_areTriedByProgramsTogether() {
    launchesPerMinute(program(), 4);
    engine.orders.clear();
    FleetCompute other = program();
    other.ensureWorkers(demand(50));
    assertThat(engine.orders).isEmpty();
    assertThat(other.problem()).isPresent();
  }

  @Test
  void message_thatIsTaken_endsTheDoubt() {
    FleetCompute router = program();
    launchesPerMinute(router, 4);
    engine.census = new Census(1, 0, Optional.empty());
    depth = new QueueDepth(49, 1, 0);
    engine.orders.clear();
    router.ensureWorkers(demand(50));
    assertThat(engine.orders).singleElement().extracting(Order::count).isEqualTo(12);
    assertThat(router.problem()).isEmpty();
  }

  /** A worker that did its work has ended before the next message comes. */
  @Test
  void messages_thatComeNowAndThen_areNoDoubt() {
    depth = new QueueDepth(1, 0, 0);
    FleetCompute router = program();
    for (int i = 0; i < 10; i++) {
      router.ensureWorkers(demand(1));
      engine.census = Census.NONE;
      clock.advance(Duration.ofMinutes(2));
    }
    assertThat(engine.orders).hasSize(10);
    assertThat(router.problem()).isEmpty();
  }

  @Test
  void pipeline_thatIsParked_getsNoWorkers_andSaysSo() {
    Turns.park(store, "letters");
    FleetCompute compute = program();
    compute.ensureWorkers(demand(50));
    assertThat(engine.orders).isEmpty();
    assertThat(compute.problem().orElse("")).contains("parked").contains("yunpipe init");
    Turns.unpark(store, "letters");
    clock.advance(Duration.ofSeconds(21));
    compute.ensureWorkers(demand(50));
    assertThat(engine.orders).hasSize(1);
    assertThat(compute.problem()).isEmpty();
  }

  @Test
  void engine_thatRefuses_isAProblemUntilItDoesNot() {
    FleetCompute compute = program();
    engine.refusal = new BackendException("Job queue x is disabled.", null);
    compute.ensureWorkers(demand(50));
    assertThat(compute.problem()).hasValue("Job queue x is disabled.");
    clock.advance(Duration.ofSeconds(21));
    engine.refusal = new BackendException("too many requests", true, null);
    compute.ensureWorkers(demand(50));
    clock.advance(Duration.ofSeconds(21));
    engine.refusal = null;
    compute.ensureWorkers(demand(50));
    assertThat(compute.problem()).isEmpty();
    assertThat(engine.orders).hasSize(1);
  }

  @Test
  void workers_whenParked_areAllTold() {
    FleetCompute compute = program();
    compute.ensureWorkers(demand(50));
    assertThat(compute.workers("upper")).isEqualTo(13);
    assertThat(compute.stopAll("parked")).isEqualTo(13);
    assertThat(compute.workers("upper")).isZero();
  }
}
