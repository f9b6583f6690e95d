package io.yunpipe.config;

import com.typesafe.config.ConfigObject;
import io.yunpipe.Algorithm;
import io.yunpipe.Resources;
import io.yunpipe.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the stages of a workflow: those that are listed, or those that a process stands for. */
final class StageReader {
  private static final List<String> TYPES =
      List.of("single_run", "sequence_run", "one_to_all", "all_to_one");
  private static final int LONGEST_NAME = 63;

  private final KnownAlgorithms algorithms;
  private final Problems problems;

  /** Where each stage was read, for problems that show only when all are known. */
  private final Map<String, Where> places = new LinkedHashMap<>();

  private final Set<String> names = new HashSet<>();

  StageReader(KnownAlgorithms algorithms, Problems problems) {
    this.algorithms = algorithms;
    this.problems = problems;
  }

  Map<String, Where> places() {
    return places;
  }

  List<Stage> stages(Fields in) {
    List<Stage> stages = new ArrayList<>();
    for (Fields.Item item : in.list("stages")) {
      Fields entry = in.block(item);
      Stage stage = entry == null ? null : stage(entry);
      if (stage != null) {
        stages.add(stage);
      }
    }
    return stages;
  }

  private @Nullable Stage stage(Fields in) {
    String name = in.text("name");
    String algorithmName = in.text("algorithm", name == null ? "" : name);
    if (algorithmName.isEmpty()) {
      in.problem("algorithm is not set");
    }
    Algorithm algorithm =
        algorithmName.isEmpty()
            ? null
            : algorithms.get(
                algorithmName,
                in.where(in.has("algorithm") ? "algorithm" : "name"),
                in.path(in.has("algorithm") ? "algorithm" : "name"),
                problems);
    String stageName = name == null ? algorithmName : name;
    Stage.Builder to = builder(in, stageName, algorithm);
    in.texts("after").forEach(to::after);
    boolean scatter = in.flag("scatter", false);
    boolean join = in.flag("join", false);
    boolean gather = GatherReader.read(in, to);
    if ((scatter ? 1 : 0) + (join ? 1 : 0) + (gather ? 1 : 0) > 1) {
      in.problem("expected at most one of scatter, gather and join");
    } else if (scatter) {
      to.scatter();
    } else if (join) {
      to.join();
    }
    readGrouping(in, to);
    in.whenSet("select", to::select);
    Fields matrix = in.block("matrix");
    if (matrix != null) {
      for (String variable : matrix.keysInOrder()) {
        List<String> values = matrix.texts(variable);
        matrix.attempt(variable, () -> to.matrix(variable, values));
      }
    }
    Boolean keep = in.flag("keep");
    if (keep != null) {
      to.keep(keep);
    }
    readCommon(in, to, algorithm);
    in.finish();
    places.put(stageName, in.where());
    return algorithm == null ? null : to.build();
  }

  private static void readGrouping(Fields in, Stage.Builder to) {
    String pattern = in.text("group-by");
    Long size = in.whole("group-size");
    if (pattern != null) {
      in.attempt("group-by", () -> to.groupBy(pattern, size == null ? 0 : Parts.clamp(size)));
    } else if (size != null) {
      in.problem("group-size", "is set without group-by");
    }
  }

  /** Reads what a stage and an entry of a process may both set. */
  private static void readCommon(Fields in, Stage.Builder to, @Nullable Algorithm algorithm) {
    in.textMap("variables").forEach(to::putVariable);
    in.exclusive("ports", "port");
    Parts.ports(in, "ports").forEach(to::addPort);
    Parts.ports(in, "port").forEach(to::addPort);
    in.exclusive("instance-type", "instance_type");
    in.whenSet("instance-type", to::instanceType);
    in.whenSet("instance_type", to::instanceType);
    Resources usual = algorithm == null ? Resources.DEFAULT : algorithm.resources();
    Resources resources = Parts.resources(in, "resources", usual);
    if (in.has("resources")) {
      to.resources(resources);
    }
  }

  /** A builder to go on with, whatever is wrong: all other problems are wanted as well. */
  private static Stage.Builder builder(Fields in, String name, @Nullable Algorithm algorithm) {
    Algorithm any = algorithm == null ? Algorithm.command("unnamed", "true") : algorithm;
    Stage.Builder to = name.isEmpty() ? null : in.make("name", () -> Stage.builder(name, any));
    return to == null ? Stage.builder("unnamed", any) : to;
  }

  /** Reads a process of one of the known types. */
  List<Stage> process(Fields in) {
    String type = in.text("type");
    List<Fields.Item> items = in.list("algorithms");
    List<Stage.Builder> entries = new ArrayList<>();
    List<String> entryNames = new ArrayList<>();
    for (Fields.Item item : items) {
      Entry entry = entry(in, item);
      if (entry != null) {
        entries.add(entry.to);
        entryNames.add(entry.name);
      }
    }
    boolean valid = checkType(in, type, items.size());
    if (type != null && type.equals("all_to_one") && !entries.isEmpty()) {
      Stage.Builder last = entries.get(entries.size() - 1);
      last.gather();
      GatherReader.read(in, last);
    }
    in.finish();
    if (!valid || entries.size() < items.size()) {
      return List.of();
    }
    connect(String.valueOf(type), entries, entryNames);
    return entries.stream().map(Stage.Builder::build).toList();
  }

  private static void connect(String type, List<Stage.Builder> entries, List<String> names) {
    for (int i = 1; i < entries.size(); i++) {
      if (type.equals("sequence_run")) {
        entries.get(i).after(names.get(i - 1));
      }
    }
    if (type.equals("all_to_one")) {
      names.subList(0, names.size() - 1).forEach(entries.get(entries.size() - 1)::after);
    }
  }

  private static boolean checkType(Fields in, @Nullable String type, int algorithms) {
    int before = in.problems().count();
    if (type == null) {
      if (!in.has("type")) {
        in.problem("type is not set; expected one of " + String.join(", ", TYPES));
      }
    } else if (!TYPES.contains(type)) {
      in.problem(
          "type",
          "expected one of "
              + String.join(", ", TYPES)
              + ", but found \""
              + type
              + "\""
              + Nearest.of(type, TYPES).map(near -> "; did you mean '" + near + "'?").orElse(""));
    } else if (type.equals("single_run") && algorithms != 1) {
      in.problem(
          "algorithms",
          "single_run takes exactly one algorithm, but found "
              + algorithms
              + "; use sequence_run to run several in order");
    }
    if (algorithms == 0 && in.problems().count() == before) {
      in.problem("algorithms", "expected at least one algorithm");
    }
    return in.problems().count() == before;
  }

  private record Entry(String name, Stage.Builder to) {}

  /** An algorithm's name, or a block with what the workflow sets for it. */
  private @Nullable Entry entry(Fields in, Fields.Item item) {
    if (!(item.value() instanceof ConfigObject)) {
      String name = in.text(item, "an algorithm's name or a block");
      return name == null ? null : entry(in, name, item, null);
    }
    Fields block = in.block(item);
    if (block == null) {
      return null;
    }
    String name = block.text("name");
    if (name == null) {
      block.problem("name is not set");
      return null;
    }
    return entry(in, name, item, block);
  }

  private @Nullable Entry entry(Fields in, String name, Fields.Item item, @Nullable Fields block) {
    Where where = block == null ? Where.of(item.value().origin()) : block.where("name");
    Algorithm algorithm = algorithms.get(name, where, in.path(item.name()), problems);
    String stage = unique(name);
    places.put(stage, where);
    Stage.Builder to = builder(in, algorithm == null ? "" : stage, algorithm);
    if (block != null) {
      readCommon(block, to, algorithm);
      block.finish();
    }
    return algorithm == null ? null : new Entry(stage, to);
  }

  /** The algorithm's name; a second use of it is {@code name-2}. */
  private String unique(String algorithm) {
    String name = algorithm;
    for (int i = 2; !names.add(name); i++) {
      String end = "-" + i;
      name =
          algorithm.substring(0, Math.min(algorithm.length(), LONGEST_NAME - end.length())) + end;
    }
    return name;
  }
}
