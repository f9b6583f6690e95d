package io.yunpipe.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.spi.QueueDepth;
import io.yunpipe.spi.Staff;
import io.yunpipe.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final List<String> lines = new ArrayList<>();
  private final Metrics metrics = new Metrics(lines::add, new ManualClock());

  @Test
  void pipeline_isOneLineWithItsOpenRuns() {
    metrics.pipeline("cells", 3);
    assertThat(lines)
        .containsExactly(
            "{\"_aws\":{\"Timestamp\":1767225600000,\"CloudWatchMetrics\":[{\"Namespace\":"
                + "\"yunpipe\",\"Dimensions\":[[\"Pipeline\"]],\"Metrics\":[{\"Name\":\"OpenRuns\","
                + "\"Unit\":\"Count\"}]}]},\"Pipeline\":\"cells\",\"OpenRuns\":3}");
  }

  @Test
  void stage_tellsWhatWaitsAndWhoWorks_andLaunchesSinceTheLastTick() {
    metrics.stage("cells", "copy", new QueueDepth(7, 2, 1), 4, Optional.of(new Staff(5, 5)));
    metrics.stage("cells", "copy", new QueueDepth(6, 2, 1), 0, Optional.of(new Staff(8, 8)));
    assertThat(lines.get(0))
        .contains("\"Dimensions\":[[\"Pipeline\",\"Stage\"]]")
        .endsWith(
            "\"Pipeline\":\"cells\",\"Stage\":\"copy\",\"Waiting\":7,\"DeadLetters\":4,"
                + "\"Workers\":5,\"Launched\":5}");
    assertThat(lines.get(1)).endsWith("\"Workers\":8,\"Launched\":3}");
  }

  @Test
  void stage_whoseWorkersNobodyCounts_tellsNoneInsteadOfZero() {
    metrics.stage("cells", "copy", new QueueDepth(7, 0, 0), 0, Optional.empty());
    assertThat(lines.get(0)).doesNotContain("Workers").doesNotContain("Launched");
  }
}
