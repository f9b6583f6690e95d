package io.yunpipe.lambda;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.internal.TickListener;
import io.yunpipe.spi.QueueDepth;
import io.yunpipe.spi.Staff;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Writes what ticks see as log lines that CloudWatch makes metrics of (embedded metric format): no
 * call, and no right, is needed. Dimensions are pipeline and stage only, since each combination of
 * values is charged as a metric: a run must not be one. Thread-safe.
 */
final class Metrics implements TickListener {
  private static final String NAMESPACE = "yunpipe";

  private final Consumer<String> lines;
  private final Clock clock;
  private final Map<String, Long> launched = new ConcurrentHashMap<>();

  Metrics(Consumer<String> lines, Clock clock) {
    this.lines = lines;
    this.clock = clock;
  }

  @Override
  public void pipeline(String pipeline, int openRuns) {
    write(Map.of("Pipeline", pipeline), Map.of("OpenRuns", (long) openRuns));
  }

  @Override
  public void stage(
      String pipeline, String stage, QueueDepth depth, int deadLetters, Optional<Staff> staff) {
    Map<String, String> dimensions = new LinkedHashMap<>();
    dimensions.put("Pipeline", pipeline);
    dimensions.put("Stage", stage);
    Map<String, Long> values = new LinkedHashMap<>();
    values.put("Waiting", depth.ready());
    values.put("DeadLetters", (long) deadLetters);
    staff.ifPresent(
        workers -> {
          values.put("Workers", workers.alive());
          Long before = launched.put(pipeline + "/" + stage, workers.launched());
          values.put("Launched", workers.launched() - (before == null ? 0 : before));
        });
    write(dimensions, values);
  }

  private void write(Map<String, String> dimensions, Map<String, Long> values) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    ObjectNode about = line.putObject("_aws");
    about.put("Timestamp", clock.millis());
    ObjectNode directive = about.putArray("CloudWatchMetrics").addObject();
    directive.put("Namespace", NAMESPACE);
    ArrayNode names = directive.putArray("Dimensions").addArray();
    dimensions.keySet().forEach(names::add);
    ArrayNode metrics = directive.putArray("Metrics");
    values.keySet().forEach(name -> metrics.addObject().put("Name", name).put("Unit", "Count"));
    dimensions.forEach(line::put);
    values.forEach(line::put);
    lines.accept(line.toString());
  }
}
