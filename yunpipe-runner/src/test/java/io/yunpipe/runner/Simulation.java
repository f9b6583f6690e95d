package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Stage.Kind;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.InputRef;
import io.yunpipe.internal.Marker;
import io.yunpipe.internal.Output;
import io.yunpipe.internal.Protocol;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.internal.StagePlan;
import io.yunpipe.internal.Submissions;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One run of a workflow with every kind of edge under one random schedule. The submitter and three
 * workers crash, messages come twice, leases end early and answers get lost.
 */
final class Simulation {
  static final List<String> STAGES = List.of("all", "pair", "right", "left", "parts", "first");

  private final Schedule schedule;
  private final ManualClock clock = new ManualClock();
  private final SteppedBackend backend;
  private final RunPlan plan = plan();
  private final List<String> inputs = new ArrayList<>();
  private final Variant variant;
  private final LeaseKeeper leases = new LeaseKeeper(Duration.ofSeconds(60));
  private boolean submitted;
  private int idle;

  /** A way to do it; the wrong ones exist to be caught. */
  enum Variant {
    RIGHT,
    ONLY_WINNER_PUBLISHES,
    NO_CHECK_AT_SEAL,
    LIST_BEFORE_COMMIT,
    DELETE_BEFORE_PUBLISH
  }

  Simulation(long seed, Variant variant) {
    this.variant = variant;
    this.schedule = new Schedule(seed, (int) (seed % 7));
    this.backend = new SteppedBackend(schedule, clock);
    int count = 2 + schedule.random().nextInt(5);
    for (int i = 0; i < count; i++) {
      inputs.add((schedule.random().nextInt(6) == 0 ? "bad-" : "good-") + i);
    }
    if (inputs.stream().allMatch(name -> name.startsWith("bad"))) {
      inputs.add("good-last");
    }
  }

  /** Runs it and throws an {@link AssertionError} if a promise was broken. */
  void run() {
    schedule.add(this::submitter);
    for (int i = 0; i < 3; i++) {
      schedule.add(this::worker);
    }
    try {
      schedule.run();
    } finally {
      leases.close();
    }
    verify();
  }

  private Schedule.Program submitter() {
    return () -> {
      Submissions.submit(plan, backend, protocol(backend.store()), clock, inputs);
      submitted = true;
      return false;
    };
  }

  private Schedule.Program worker() {
    ObjectStore store =
        variant == Variant.LIST_BEFORE_COMMIT ? new ListBeforeCommit() : backend.store();
    Protocol protocol = protocol(store);
    Attempts attempts =
        new Attempts(store, backend::queue, protocol, new Pretender(store), Path.of("none"), clock);
    Worker worker = new Variants(store, protocol, attempts, leases);
    return () -> {
      String stage = STAGES.get(schedule.random().nextInt(STAGES.size()));
      int jobs = worker.work(stage, 1 + schedule.random().nextInt(3), Duration.ZERO);
      boolean over = submitted && backend.quiet();
      idle = jobs > 0 ? 0 : idle + 1;
      if (idle > 60) {
        clock.advance(Duration.ofSeconds(61));
        idle = 0;
      }
      return !over;
    };
  }

  private Protocol protocol(ObjectStore store) {
    return variant == Variant.NO_CHECK_AT_SEAL
        ? new Protocol(store, backend::queue, clock) {
          @Override
          public void sealed(RunPlan sealed) {}
        }
        : new Protocol(store, backend::queue, clock);
  }

  private void verify() {
    boolean failures = inputs.stream().anyMatch(name -> name.startsWith("bad"));
    assertThat(Submissions.finished(plan, backend))
        .as("the run reaches its end")
        .isEqualTo(failures ? "FAILED" : "SUCCEEDED");
    long good = inputs.stream().filter(name -> name.startsWith("good")).count();
    assertThat(Submissions.markers(plan, backend, "first")).hasSize(inputs.size());
    assertThat(Submissions.markers(plan, backend, "parts")).hasSize((int) good * 2);
    assertThat(Submissions.markers(plan, backend, "pair")).hasSize((int) good);
    List<Marker> gathered = Submissions.markers(plan, backend, "all");
    assertThat(gathered).hasSize(1);
    assertThat(text(gathered.get(0)))
        .as("the gather saw every committed job once")
        .isEqualTo(gatherable());
    for (String stage : STAGES) {
      for (Marker marker : Submissions.markers(plan, backend, stage)) {
        for (Output output : marker.out()) {
          assertThat(backend.store().head(marker.key(output)))
              .as("committed outputs are there")
              .isPresent();
        }
      }
    }
  }

  private String text(Marker marker) {
    return new String(
        backend.store().read(marker.key(marker.out().get(0))).orElseThrow(),
        StandardCharsets.UTF_8);
  }

  private String gatherable() {
    Set<String> names = new TreeSet<>();
    for (String input : inputs) {
      if (input.startsWith("good")) {
        names.add("pair/" + input + "/out");
        names.add("parts/" + input + "/one/out");
        names.add("parts/" + input + "/two/out");
      }
    }
    return String.join("\n", names);
  }

  static RunPlan plan() {
    return new RunPlan(
        1,
        "simulated",
        1,
        "simulation",
        0,
        List.of(
            stage("first", Kind.EACH, List.of()),
            stage("parts", Kind.SCATTER, List.of("first")),
            stage("left", Kind.EACH, List.of("first")),
            stage("right", Kind.EACH, List.of("first")),
            stage("pair", Kind.JOIN, List.of("left", "right")),
            stage("all", Kind.GATHER, List.of("parts", "pair"))),
        null,
        0,
        null);
  }

  static StagePlan stage(String name, Kind kind, List<String> after) {
    AlgorithmSpec algorithm = PlannedAlgorithm.of(name, Resources.DEFAULT, RetryPolicy.NONE);
    return new StagePlan(name, algorithm, after, kind, "**", "best-effort", Map.of(), false);
  }

  /** An executor that does at once what an algorithm would: two outputs of "first", else one. */
  static final class Pretender extends PretendedExecutor {
    private final ObjectStore store;

    Pretender(ObjectStore store) {
      this.store = store;
    }

    @Override
    public Execution execute(Attempt attempt) {
      Set<String> seen = new TreeSet<>();
      for (InputRef input : attempt.inputs()) {
        seen.add(input.name());
        if (input.key() != null) {
          assertThat(store.read(input.key()))
              .as("an input that was published is there")
              .isPresent();
        }
      }
      if (attempt.name().startsWith("bad")) {
        return ended(1, "bad input", Map.of());
      }
      Map<String, Content> outputs = new LinkedHashMap<>();
      if (attempt.stage().equals("first")) {
        outputs.put("one", Content.of(attempt.name()));
        outputs.put("two", Content.of(attempt.name()));
      } else {
        outputs.put("out", Content.of(String.join("\n", seen)));
      }
      return ended(0, null, outputs);
    }
  }

  /** The worker with the two wrong orders of its last steps. */
  private final class Variants extends Worker {
    Variants(ObjectStore store, Protocol protocol, Attempts attempts, LeaseKeeper leases) {
      super(store, backend::queue, protocol, attempts, leases, clock);
    }

    @Override
    void settle(io.yunpipe.spi.JobQueue queue, Batch batch) {
      if (variant == Variant.DELETE_BEFORE_PUBLISH) {
        commit(batch);
        queue.acknowledge(batch.messages());
        follow(batch);
      } else {
        super.settle(queue, batch);
      }
    }

    @Override
    void follow(Batch batch) {
      if (variant == Variant.ONLY_WINNER_PUBLISHES) {
        Batch won = new Batch(0);
        batch.fresh().values().forEach(entry -> won.add(entry.place(), entry.marker(), true));
        super.follow(won);
      } else {
        super.follow(batch);
      }
    }
  }

  /** Counts a shard's markers before its own commit, and adds its own. */
  private final class ListBeforeCommit extends DelegatingStore {
    private final Map<String, Long> counted = new LinkedHashMap<>();

    ListBeforeCommit() {
      super(backend.store());
    }

    @Override
    public List<Boolean> putAllIfAbsent(Map<String, byte[]> contents) {
      for (String key : contents.keySet()) {
        String prefix = folder(key);
        counted.computeIfAbsent(prefix, super::count);
      }
      List<Boolean> created = super.putAllIfAbsent(contents);
      int i = 0;
      for (String key : contents.keySet()) {
        if (created.get(i++)) {
          counted.merge(folder(key), 1L, Long::sum);
        }
      }
      return created;
    }

    private static String folder(String key) {
      return key.substring(0, key.lastIndexOf('/') + 1);
    }

    @Override
    public long count(String prefix) {
      Long before = counted.remove(prefix);
      return before == null ? super.count(prefix) : before;
    }
  }
}
