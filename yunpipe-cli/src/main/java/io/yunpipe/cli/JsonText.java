package io.yunpipe.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.yunpipe.Cost;
import io.yunpipe.Failure;
import io.yunpipe.Plan;
import io.yunpipe.RunStatus;
import io.yunpipe.SetUp;
import io.yunpipe.StageStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --json} prints. Keys are never removed, so programs find an empty list, not nothing.
 */
final class JsonText {
  private JsonText() {}

  /** Returns a tree of maps, lists and values as indented text. */
  static String of(Object tree) {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Could not write JSON", e);
    }
  }

  static void print(Object tree) {
    System.out.println(of(tree));
  }

  /** Returns a map in the order of its arguments, which are keys and values in turn. */
  static Map<String, @Nullable Object> map(@Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return map;
  }

  /** Returns counts per stage, and per state over all stages. */
  static Map<String, @Nullable Object> status(RunStatus status) {
    List<Object> stages = new ArrayList<>();
    for (StageStatus stage : status.stages()) {
      stages.add(
          map(
              "stage", stage.stage(),
              "pending", stage.pending(),
              "running", stage.running(),
              "succeeded", stage.succeeded(),
              "failed", stage.failed(),
              "total", stage.total()));
    }
    return map(
        "run", status.runId(),
        "pipeline", status.pipeline(),
        "state", status.state().name(),
        "generation", status.generation(),
        "submitted", status.submitted().toString(),
        "finished", status.finished().map(Object::toString).orElse(null),
        "reason", status.reason().orElse(null),
        "jobs",
            map(
                "pending", sum(status, StageStatus::pending),
                "running", sum(status, StageStatus::running),
                "succeeded", sum(status, StageStatus::succeeded),
                "failed", sum(status, StageStatus::failed),
                "total", sum(status, StageStatus::total)),
        "stages", stages);
  }

  static Map<String, @Nullable Object> failure(Failure failure) {
    return map(
        "stage", failure.stage(),
        "input", failure.input(),
        "job", failure.jobId(),
        "exitCode", failure.exitCode(),
        "reason", failure.reason(),
        "attempts", failure.attempts());
  }

  static Map<String, @Nullable Object> plan(Plan plan) {
    List<Object> stages = new ArrayList<>();
    for (Plan.PlannedStage stage : plan.stages()) {
      stages.add(
          map(
              "stage", stage.stage(),
              "runs", stage.runs(),
              "jobs", stage.jobs() < 0 ? null : stage.jobs(),
              "cpus", stage.resources().cpus(),
              "memoryMib", stage.resources().memoryMib(),
              "gpus", stage.resources().gpus()));
    }
    return map(
        "inputs", plan.inputs(),
        "bytes", plan.bytes(),
        "stages", stages,
        "estimate", plan.estimate().prices().isEmpty() ? null : cost(plan.estimate()),
        "problems", plan.problems());
  }

  static Map<String, @Nullable Object> cost(Cost cost) {
    List<Object> items = new ArrayList<>();
    for (Cost.Item item : cost.items()) {
      items.add(
          map(
              "what", item.what(),
              "quantity", item.quantity(),
              "unit", item.unit(),
              "usd", item.usd()));
    }
    return map(
        "usd", cost.usd(),
        "prices", cost.prices(),
        "items", items,
        "assumptions", cost.assumptions());
  }

  static Map<String, @Nullable Object> setUp(SetUp setUp) {
    List<Object> changes = new ArrayList<>();
    for (SetUp.Change change : setUp.changes()) {
      changes.add(
          map(
              "action", change.action().name(),
              "type", change.type(),
              "name", change.name(),
              "detail", change.detail()));
    }
    return map("name", setUp.name(), "changes", changes);
  }

  private static long sum(RunStatus status, ToLongFunction<StageStatus> count) {
    return status.stages().stream().mapToLong(count).sum();
  }
}
