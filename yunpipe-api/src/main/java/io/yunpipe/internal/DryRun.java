package io.yunpipe.internal;

import io.yunpipe.Cost;
import io.yunpipe.Inputs;
import io.yunpipe.PipelineDefinition;
import io.yunpipe.Plan;
import io.yunpipe.Plan.PlannedStage;
import io.yunpipe.Stage;
import io.yunpipe.internal.source.InputScan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Works out what a submission would do, without doing any of it. */
final class DryRun {
  private static final int MAX_PROBLEMS = 20;

  private final PipelineDefinition definition;
  private final Site site;

  DryRun(PipelineDefinition definition, Site site) {
    this.definition = definition;
    this.site = site;
  }

  Plan of(Inputs inputs) {
    Set<String> groups = new HashSet<>();
    Pattern pattern =
        definition.workflow().stages().stream()
            .flatMap(stage -> stage.groupBy().stream())
            .findFirst()
            .orElse(null);
    InputScan scan =
        InputScan.of(
            inputs,
            site.store(),
            MAX_PROBLEMS,
            item -> {
              if (pattern != null) {
                Matcher matcher = pattern.matcher(item.name());
                groups.add(matcher.matches() ? matcher.group(1) : item.name());
              }
            });
    long items = pattern == null ? scan.inputs() : groups.size();
    Map<String, Long> jobs = new HashMap<>();
    List<PlannedStage> stages = new ArrayList<>();
    for (Stage stage : definition.workflow().stages()) {
      long count = jobs(stage, items, jobs);
      jobs.put(stage.name(), count);
      stages.add(
          new PlannedStage(stage.name(), stage.algorithm().toString(), count, stage.resources()));
    }
    Cost estimate = new Estimate(site, definition.name()).of(stages, scan.inputs(), scan.bytes());
    return new Plan(scan.inputs(), scan.bytes(), stages, estimate, scan.problems());
  }

  /** Returns how many jobs a stage will have, or -1 if that depends on results. */
  private static long jobs(Stage stage, long items, Map<String, Long> before) {
    long combinations = 1;
    for (List<String> values : stage.matrix().values()) {
      combinations *= values.size();
    }
    if (stage.kind() == Stage.Kind.GATHER) {
      return combinations;
    }
    if (stage.kind() == Stage.Kind.SCATTER || !stage.select().equals("**")) {
      return -1;
    }
    long each = stage.after().isEmpty() ? items : before.getOrDefault(stage.after().get(0), -1L);
    return each < 0 ? -1 : each * combinations;
  }
}
