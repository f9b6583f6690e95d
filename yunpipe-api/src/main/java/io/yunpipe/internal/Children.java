package io.yunpipe.internal;

import io.yunpipe.Stage;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which jobs follow from an item: a pure function of plan and item, the same for every worker. */
final class Children {
  private Children() {}

  /** An item before a stage: an input of the run, or a committed job's outputs. */
  record Item(String lineage, String name, List<InputRef> files, @Nullable String problem) {
    Item {
      files = files == null ? List.of() : files;
    }

    Item(String lineage, String name, List<InputRef> files) {
      this(lineage, name, files, null);
    }
  }

  /** Returns the jobs that a root stage makes of one input. */
  static List<JobSpec> ofInput(RunPlan plan, StagePlan root, Item input) {
    return combine(plan, root, input);
  }

  /**
   * Returns the jobs that follow a successful job in a stage right after it that is no join or
   * gather.
   */
  static List<JobSpec> ofMarker(RunPlan plan, StagePlan child, Marker marker) {
    List<InputRef> selected = select(child, marker);
    if (child.kind() == Stage.Kind.SCATTER) {
      List<JobSpec> jobs = new ArrayList<>();
      for (InputRef file : selected) {
        String name = marker.name().isEmpty() ? file.name() : marker.name() + "/" + file.name();
        String lineage = Ids.hash(marker.lineage(), child.name(), file.name());
        InputRef flat = file.named(lastPart(file.name()));
        jobs.addAll(combine(plan, child, new Item(lineage, name, List.of(flat))));
      }
      return jobs;
    }
    if (selected.isEmpty() && !marker.out().isEmpty()) {
      return List.of();
    }
    return combine(plan, child, new Item(marker.lineage(), marker.name(), selected));
  }

  /** Returns the jobs of a join, given the markers of all its branches in their order. */
  static List<JobSpec> ofBranches(RunPlan plan, StagePlan join, List<Marker> markers) {
    List<InputRef> files = new ArrayList<>();
    for (int i = 0; i < markers.size(); i++) {
      for (InputRef file : select(join, markers.get(i))) {
        files.add(file.named(join.after().get(i) + "/" + file.name()));
      }
    }
    Marker first = markers.get(0);
    return combine(plan, join, new Item(first.lineage(), first.name(), files));
  }

  /** Returns the jobs of a gather: one, or one for each combination of its matrix. */
  static List<JobSpec> ofGather(RunPlan plan, StagePlan gather) {
    return combine(plan, gather, new Item(Ids.hash("gather", gather.name()), "", List.of()));
  }

  /**
   * Returns how many jobs follow a job with these outputs, by stage; joins and gathers left out.
   */
  static Map<String, Integer> count(RunPlan plan, StagePlan stage, Marker marker) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    if (marker.ok()) {
      for (StagePlan child : plan.after(stage.name())) {
        if (single(child)) {
          counts.put(child.name(), ofMarker(plan, child, marker).size());
        }
      }
    }
    return counts;
  }

  /** Returns whether a job of the stage comes from one job before. */
  static boolean single(StagePlan child) {
    return child.kind() == Stage.Kind.EACH || child.kind() == Stage.Kind.SCATTER;
  }

  /** Returns the outputs of a job that a stage takes. */
  static List<InputRef> select(StagePlan child, Marker marker) {
    PathMatcher matcher =
        child.select().equals("**")
            ? null
            : FileSystems.getDefault().getPathMatcher("glob:" + child.select());
    List<InputRef> selected = new ArrayList<>();
    for (Output output : marker.out()) {
      if (matcher == null
          || matcher.matches(Path.of(output.name()))
          || matcher.matches(Path.of(lastPart(output.name())))) {
        selected.add(
            new InputRef(output.name(), marker.key(output), output.size(), output.sha256(), null));
      }
    }
    return selected;
  }

  private static List<JobSpec> combine(RunPlan plan, StagePlan stage, Item item) {
    List<JobSpec> jobs = new ArrayList<>();
    for (Map<String, String> values : stage.combinations()) {
      String lineage = item.lineage();
      String name = item.name();
      if (!values.isEmpty()) {
        String suffix = values.toString();
        lineage = Ids.hash(lineage, stage.name(), suffix);
        String folder =
            suffix.substring(1, suffix.length() - 1).replace(", ", ",").replace('/', '_');
        name = name.isEmpty() ? folder : name + "/" + folder;
      }
      String id = Ids.hash(plan.run(), stage.name(), lineage);
      jobs.add(new JobSpec(id, lineage, name, item.files(), null, values, item.problem(), 0));
    }
    return jobs;
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
