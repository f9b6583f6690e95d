package io.yunpipe.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import io.yunpipe.Algorithm;
import io.yunpipe.InvalidPipelineException;
import io.yunpipe.Pipeline;
import io.yunpipe.PipelineDefinition;
import io.yunpipe.Stage;
import io.yunpipe.Workflow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a pipeline of any format; all problems are collected. */
final class PipelineReader {
  private static final Pattern STAGE = Pattern.compile("stage '([^']*)'.*", Pattern.DOTALL);

  private final Path file;
  private final Catalogue catalogue;
  private final Schema schema;
  private final Problems problems = new Problems();
  private final List<String> warnings = new ArrayList<>();
  private @Nullable Path zipFolder;
  private boolean removeLocalZip;

  PipelineReader(Path file, Catalogue catalogue, Schema schema) {
    this.file = file;
    this.catalogue = catalogue;
    this.schema = schema;
  }

  PipelineFile read() {
    PipelineDefinition definition = HalideFile.is(file) ? readHalide() : readHocon();
    problems.throwIfAny(file.toString());
    if (definition == null) {
      throw new IllegalStateException("no definition and no problem: " + file);
    }
    return new PipelineFile(file, definition, warnings, zipFolder, removeLocalZip);
  }

  private @Nullable PipelineDefinition readHalide() {
    HalideFile halide = HalideFile.read(file, problems);
    String name = toName(halide.name().orElse(AlgorithmFile.nameOf(file)));
    Algorithm algorithm = halide.algorithm(name);
    warnings.addAll(halide.warnings());
    zipFolder = halide.zipFolder().orElse(null);
    removeLocalZip = true;
    return algorithm == null
        ? null
        : definition(name, Workflow.singleRun(algorithm), "plain", false);
  }

  private @Nullable PipelineDefinition readHocon() {
    Config content = Hocon.parse(file, problems);
    if (content == null) {
      return null;
    }
    Fields in = new Fields(content.root(), "", problems);
    if (EarlierAlgorithm.is(in) || isOwnAlgorithm(in)) {
      return readAlgorithm(in);
    }
    String name = in.text("name", toName(AlgorithmFile.nameOf(file)));
    in.attempt("name", () -> Pipeline.builder().name(name));
    String naming = in.text("naming", "plain");
    in.attempt("naming", () -> Pipeline.builder().naming(naming));
    boolean zipResults = in.flag("zip-results", false);
    FileLayer.ofPipeline(in, schema);
    in.value("define");
    warnOfCloudOnly(in);
    KnownAlgorithms algorithms = new KnownAlgorithms(catalogue, warnings);
    Fields own = in.block("algorithms");
    if (own != null) {
      algorithms.define(own, AlgorithmFile.folder(file));
    }
    Workflow workflow = workflow(in, name, algorithms);
    in.finish();
    return workflow == null ? null : definition(name, workflow, naming, zipResults);
  }

  private static boolean isOwnAlgorithm(Fields in) {
    return (in.keys().contains("command") || in.keys().contains("image"))
        && FileLayer.WORKFLOW_KEYS.stream().noneMatch(in.keys()::contains);
  }

  /** A described algorithm alone is a pipeline of one stage. */
  private @Nullable PipelineDefinition readAlgorithm(Fields in) {
    String name = in.text("name", AlgorithmFile.nameOf(file));
    Algorithm algorithm =
        AlgorithmReader.read(
            name, in, AlgorithmFile.folder(file), file.toString().endsWith("_info.json"), warnings);
    if (algorithm == null) {
      return null;
    }
    List<Stage> stages = List.of(Stage.builder(algorithm).build());
    Workflow workflow = workflow(stages, Map.of(), in.where());
    return workflow == null ? null : definition(name, workflow, "plain", false);
  }

  private @Nullable Workflow workflow(Fields in, String name, KnownAlgorithms algorithms) {
    in.exclusive("process", "stages");
    in.exclusive("process", "zip");
    in.exclusive("stages", "zip");
    int before = problems.count();
    StageReader reader = new StageReader(algorithms, problems);
    List<Stage> stages;
    Where where = in.where();
    if (in.has("stages")) {
      where = in.where("stages");
      stages = reader.stages(in);
    } else if (in.has("process")) {
      where = in.where("process");
      Fields process = in.block("process");
      stages = process == null ? List.of() : reader.process(process);
    } else if (in.has("zip")) {
      stages = zip(in, name);
    } else {
      stages = only(in, algorithms);
    }
    // Without a stage because its algorithm could not be read: that has been said.
    boolean said = problems.count() > before || (stages.isEmpty() && problems.count() > 0);
    return said ? null : workflow(stages, reader.places(), where);
  }

  /** One algorithm needs no more words. */
  private List<Stage> only(Fields in, KnownAlgorithms algorithms) {
    if (algorithms.names().size() != 1) {
      in.problem("nothing to run; set process { type, algorithms }, stages [ … ] or zip { … }");
      return List.of();
    }
    String name = algorithms.names().iterator().next();
    Algorithm algorithm = algorithms.get(name, in.where(), name, problems);
    return algorithm == null ? List.of() : List.of(Stage.builder(algorithm).build());
  }

  private List<Stage> zip(Fields in, String name) {
    Fields zip = in.block("zip");
    if (zip == null) {
      return List.of();
    }
    zipFolder = zip.path("folder", AlgorithmFile.folder(file));
    removeLocalZip = zip.flag("remove-local", false);
    Algorithm algorithm = AlgorithmReader.readZip(name, zip, AlgorithmFile.folder(file));
    return algorithm == null ? List.of() : List.of(Stage.builder(algorithm).build());
  }

  private @Nullable Workflow workflow(
      List<Stage> stages, Map<String, Where> places, Where otherwise) {
    try {
      return Workflow.of(stages);
    } catch (InvalidPipelineException e) {
      for (String text : e.problems()) {
        Matcher stage = STAGE.matcher(text);
        problems.add(
            stage.matches() ? places.getOrDefault(stage.group(1), otherwise) : otherwise, text);
      }
      return null;
    }
  }

  private PipelineDefinition definition(
      String name, Workflow workflow, String naming, boolean zipResults) {
    return new PipelineDefinition(name, workflow, null, null, Map.of(), file, naming, zipResults);
  }

  private void warnOfCloudOnly(Fields in) {
    List<String> keys = FileLayer.EARLIER_KEYS.keySet().stream().filter(in::has).toList();
    if (!keys.isEmpty()) {
      warnings.add(cloudOnly(file, keys));
    }
    for (String key : keys) {
      ConfigValue value = in.value(key);
      if (value != null && !Values.isScalar(value)) {
        in.text(key);
      }
    }
  }

  static String cloudOnly(Path file, List<String> keys) {
    return file
        + ": "
        + String.join(", ", keys)
        + (keys.size() == 1 ? " has" : " have")
        + " no effect on the local backend; kept as settings of the aws backend (yunpipe.aws.*)";
  }

  /** A name made of a word that someone chose for another purpose. */
  static String toName(String word) {
    String name = word.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    name = name.replaceAll("^-+", "");
    name = name.substring(0, Math.min(63, name.length())).replaceAll("-+$", "");
    return name.isEmpty() ? "pipeline" : name;
  }
}
