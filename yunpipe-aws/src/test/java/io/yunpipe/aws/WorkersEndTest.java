package io.yunpipe.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.SetUpListener;
import io.yunpipe.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkersEndTest {
  private final ManualClock clock = new ManualClock();
  private final List<String> steps = new ArrayList<>();
  private final List<String> stopped = new ArrayList<>();
  private final SetUpListener listener =
      new SetUpListener() {
        @Override
        public void step(String what) {
          steps.add(what);
        }
      };
  private int pauses;

  private void end(List<Integer> left) {
    Iterator<Integer> looks = left.iterator();
    Runnable pause =
        () -> {
          pauses++;
          clock.advance(Duration.ofSeconds(10));
        };
    new WorkersEnd(
            reason -> {
              stopped.add(reason);
              return 3;
            },
            () -> looks.hasNext() ? looks.next() : 2,
            clock,
            pause)
        .end("removed", listener);
  }

  @Test
  void workers_thatTakeAWhile_areWaitedFor() {
    end(List.of(3, 3, 1, 0));
    assertThat(stopped).containsExactly("removed");
    assertThat(pauses).isEqualTo(3);
    assertThat(steps)
        .containsExactly(
            "Waiting for 3 workers (jobs, tasks or machines) to end",
            "Waiting for 1 workers (jobs, tasks or machines) to end");
  }

  @Test
  void workers_thatAreGone_areNotWaitedFor() {
    end(List.of(0));
    assertThat(pauses).isZero();
    assertThat(steps).isEmpty();
  }

  @Test
  void workers_thatDoNotEnd_areToldAfterSomeMinutes() {
    end(List.of());
    assertThat(pauses).isEqualTo(30);
    assertThat(steps).last().asString().contains("2 workers", "not ended within 5 minutes");
  }
}
