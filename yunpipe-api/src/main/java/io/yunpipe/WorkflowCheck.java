package io.yunpipe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules between stages. */
final class WorkflowCheck {
  private final Map<String, Stage> byName = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private WorkflowCheck() {}

  static List<String> problems(List<Stage> stages) {
    WorkflowCheck check = new WorkflowCheck();
    if (stages.isEmpty()) {
      check.problems.add("it has no stage");
    }
    for (Stage stage : stages) {
      if (check.byName.putIfAbsent(stage.name(), stage) != null) {
        check.problems.add("two stages are named '" + stage.name() + "'; names must be unique");
      }
    }
    stages.forEach(check::checkAlone);
    stages.forEach(check::checkEdges);
    if (check.problems.isEmpty() && inOrder(stages).size() < stages.size()) {
      check.problems.add("stages form a cycle: " + check.cycle(stages));
    }
    if (check.problems.isEmpty()) {
      stages.stream().filter(stage -> stage.kind() == Stage.Kind.JOIN).forEach(check::checkJoin);
    }
    return check.problems;
  }

  /** Returns the stages with each after those it depends on; those in a cycle are left out. */
  static List<Stage> inOrder(List<Stage> stages) {
    List<Stage> ordered = new ArrayList<>();
    Set<String> placed = new HashSet<>();
    boolean progress = true;
    while (progress) {
      progress = false;
      for (Stage stage : stages) {
        if (!placed.contains(stage.name()) && placed.containsAll(stage.after())) {
          ordered.add(stage);
          placed.add(stage.name());
          progress = true;
        }
      }
    }
    return List.copyOf(ordered);
  }

  private String cycle(List<Stage> stages) {
    Set<String> placed = new HashSet<>();
    inOrder(stages).forEach(stage -> placed.add(stage.name()));
    List<String> path = new ArrayList<>();
    String at =
        byName.keySet().stream().filter(name -> !placed.contains(name)).findFirst().orElseThrow();
    while (!path.contains(at)) {
      path.add(at);
      at =
          stage(at).after().stream()
              .filter(name -> !placed.contains(name))
              .findFirst()
              .orElseThrow();
    }
    path.add(at);
    return String.join(" after ", path.subList(path.indexOf(at), path.size()));
  }

  private Stage stage(String name) {
    Stage stage = byName.get(name);
    if (stage == null) {
      throw new IllegalStateException("no stage " + name);
    }
    return stage;
  }

  private void checkAlone(Stage stage) {
    Algorithm algorithm = stage.algorithm();
    Map<String, Variable> described = new HashMap<>();
    algorithm.variables().forEach(variable -> described.put(variable.name(), variable));
    Set<String> set = new HashSet<>(stage.variables().keySet());
    for (String name : stage.matrix().keySet()) {
      if (!set.add(name)) {
        problems.add(in(stage) + "variable " + name + " is set and in the matrix as well");
      }
    }
    for (String name : set) {
      if (!described.containsKey(name)) {
        problems.add(
            in(stage)
                + "unknown variable "
                + name
                + "; algorithm '"
                + algorithm.name()
                + "' has "
                + (described.isEmpty() ? "none" : String.join(", ", described.keySet())));
      }
    }
    for (Variable variable : algorithm.variables()) {
      if (variable.required() && !set.contains(variable.name())) {
        problems.add(in(stage) + "required variable " + variable.name() + " is not set");
      }
    }
    for (Port port : stage.ports()) {
      if (!algorithm.ports().contains(port)) {
        problems.add(
            in(stage)
                + "port "
                + port.number()
                + "/"
                + port.protocol()
                + " is not listed by algorithm '"
                + algorithm.name()
                + "'");
      }
    }
  }

  private void checkEdges(Stage stage) {
    for (String before : stage.after()) {
      if (!byName.containsKey(before)) {
        problems.add(
            in(stage)
                + "it comes after '"
                + before
                + "', which does not exist; stages are "
                + byName.keySet());
      }
    }
    boolean many = stage.after().size() > 1;
    if (many && (stage.kind() == Stage.Kind.EACH || stage.kind() == Stage.Kind.SCATTER)) {
      problems.add(in(stage) + "it comes after several stages, so it must say join or gather");
    }
    if (stage.kind() == Stage.Kind.JOIN && !many) {
      problems.add(in(stage) + "a join needs two or more stages before it");
    }
    if (stage.kind() == Stage.Kind.SCATTER && stage.after().isEmpty()) {
      problems.add(in(stage) + "a scatter needs a stage before it");
    }
    if (stage.groupBy().isPresent()
        && !(stage.after().isEmpty() && stage.kind() == Stage.Kind.EACH)) {
      problems.add(in(stage) + "only a stage that takes the run's inputs can group them");
    }
  }

  private void checkJoin(Stage stage) {
    Set<String> origins = new HashSet<>();
    stage.after().forEach(before -> origins.add(origin(stage(before))));
    if (origins.size() > 1) {
      problems.add(
          in(stage)
              + "its branches do not come from the same items, so they cannot be joined: "
              + stage.after());
    }
  }

  /** The last stage, going back, that changed what an item is; joined branches must share it. */
  private String origin(Stage stage) {
    boolean changes =
        stage.kind() == Stage.Kind.SCATTER
            || stage.kind() == Stage.Kind.GATHER
            || !stage.matrix().isEmpty()
            || stage.groupBy().isPresent();
    if (changes) {
      return stage.name();
    }
    return stage.after().isEmpty() ? "" : origin(stage(stage.after().get(0)));
  }

  private static String in(Stage stage) {
    return "stage '" + stage.name() + "': ";
  }
}
