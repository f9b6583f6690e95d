package io.yunpipe.config;

import com.typesafe.config.ConfigObject;
import io.yunpipe.Algorithm;
import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.Resources;
import io.yunpipe.Variable;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an algorithm as the earlier yunpipe described it in JSON. */
final class EarlierAlgorithm {
  private static final Set<String> MARKS =
      Set.of("container_name", "run_command", "user_specified_environment_variables");

  /** What its run script asked of a wrapped image; our worker needs none of them. */
  private static final Set<String> OF_ITS_SCRIPT =
      Set.of(
          "output_s3_name",
          "sqs",
          "LOG_LVL",
          "NAME",
          "AWS_DEFAULT_REGION",
          "AWS_DEFAULT_OUTPUT",
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY");

  /** What it wrote for every image that named no type. */
  private static final String ALWAYS = "t2.micro";

  private final Fields in;
  private final Algorithm.Builder to;
  private final boolean wrapped;
  private final List<String> warnings;

  EarlierAlgorithm(Fields in, Algorithm.Builder to, boolean wrapped, List<String> warnings) {
    this.in = in;
    this.to = to;
    this.wrapped = wrapped;
    this.warnings = warnings;
  }

  static boolean is(Fields in) {
    return in.keys().stream().anyMatch(MARKS::contains);
  }

  void read() {
    in.whenSet("container_name", to::image);
    in.whenSet("run_command", to::command);
    if (in.text("container_name", "").isEmpty() && in.text("run_command", "").isEmpty()) {
      in.problem("nothing to run; set run_command or container_name");
    }
    if (!in.text("run_command", "").contains("$output/")) {
      to.outputMode(OutputMode.FILE);
    }
    in.text("system");
    in.whenSet("input_file_path", to::inputPath);
    in.whenSet("output_file_path", to::outputPath);
    in.whenSet("executable_path", to::executablePath);
    in.exclusive("executable_path", "executable");
    in.whenSet("executable", to::executablePath);
    readInstanceType();
    readResources();
    in.list("user_specified_environment_variables").forEach(this::readVariable);
    Parts.ports(in, "port").forEach(port -> in.attempt("port", () -> to.addPort(port)));
  }

  private void readInstanceType() {
    String type = in.text("instance_type", "");
    if (wrapped && type.equals(ALWAYS)) {
      warnings.add(
          in.where("instance_type")
              + ": instance_type "
              + ALWAYS
              + " is not followed, because the earlier yunpipe wrote it for every algorithm; the type"
              + " is chosen from CPU and memory");
    } else {
      in.whenSet("instance_type", to::instanceType);
    }
  }

  private void readResources() {
    double cpus = 1;
    Double number = isEmpty("CPU") ? null : in.number("CPU");
    if (number != null) {
      cpus = number;
    }
    long memory = readMemory();
    double cpusFound = cpus;
    Resources found = in.make("CPU", () -> Resources.of(cpusFound, memory));
    to.resources(Parts.resources(in, "resources", found == null ? Resources.DEFAULT : found));
  }

  /** Older files have an empty block or text where nothing was said. */
  private boolean isEmpty(String key) {
    return in.value(key) instanceof ConfigObject block
        ? block.isEmpty()
        : in.has(key) && !in.isList(key) && in.text(key, "").isEmpty();
  }

  private long readMemory() {
    Fields memory = isEmpty("memory") ? null : in.block("memory");
    if (memory == null) {
      return 0;
    }
    Long minimal = mib(memory, "minimal");
    Long suggested = mib(memory, "suggested");
    memory.finish();
    if (minimal != null && suggested != null && minimal > suggested) {
      memory.problem(
          "minimal",
          "expected at most suggested, which is " + suggested + ", but found " + minimal);
    }
    return suggested != null ? suggested : minimal != null ? minimal : 0;
  }

  private static @Nullable Long mib(Fields memory, String key) {
    return memory.has(key) && memory.text(key, "").isEmpty() ? null : memory.mib(key);
  }

  private void readVariable(Fields.Item item) {
    Fields entry = in.block(item);
    if (entry == null) {
      return;
    }
    String name = entry.text("name");
    boolean required = entry.flag("required", false);
    String value = entry.text("default");
    entry.finish();
    if (name == null) {
      entry.problem("name is not set");
    } else if (wrapped && OF_ITS_SCRIPT.contains(name)) {
      warnings.add(
          entry.where()
              + ": variable "
              + name
              + " of the earlier yunpipe's run script is not needed");
    } else {
      entry.attempt("name", () -> to.addVariable(new Variable(name, required, value)));
    }
  }
}
