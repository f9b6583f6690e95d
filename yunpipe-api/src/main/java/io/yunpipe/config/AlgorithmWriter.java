package io.yunpipe.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.yunpipe.Algorithm;
import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Staging;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Writes an algorithm as the earlier yunpipe's JSON, with our keys for what that could not say. */
final class AlgorithmWriter {
  private static final Pattern PLAIN_TOKEN = Pattern.compile("[A-Za-z0-9_@%+=:,./$-]+");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Algorithm algorithm;
  private final Map<String, Object> to = new LinkedHashMap<>();

  private AlgorithmWriter(Algorithm algorithm) {
    this.algorithm = algorithm;
  }

  static String json(Description description) {
    Algorithm algorithm = description.algorithm();
    if (algorithm.function().isPresent()) {
      throw new IllegalArgumentException(
          "algorithm '" + algorithm.name() + "' is a Java function, which no file can describe");
    }
    AlgorithmWriter writer = new AlgorithmWriter(algorithm);
    writer.earlierKeys(description);
    writer.ownKeys();
    writer.to.putAll(description.about().keys());
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(writer.to) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void earlierKeys(Description description) {
    to.put("container_name", algorithm.image().orElse(""));
    to.put("system", description.system());
    to.put("input_file_path", algorithm.inputPath());
    to.put("output_file_path", algorithm.outputPath());
    to.put("executable_path", algorithm.executablePath().orElse(""));
    to.put("run_command", command(algorithm.argv()));
    to.put("name", algorithm.name());
    to.put("instance_type", algorithm.instanceType().orElse(""));
    Resources resources = algorithm.resources();
    Map<String, Object> memory = new LinkedHashMap<>();
    if (description.minimalMemoryMib() > 0) {
      memory.put("minimal", description.minimalMemoryMib());
    }
    if (resources.memoryMib() > 0) {
      memory.put("suggested", resources.memoryMib());
    }
    to.put("memory", memory);
    to.put("CPU", number(resources.cpus()));
    to.put("user_specified_environment_variables", variables());
    to.put(
        "port",
        algorithm.ports().stream()
            .map(port -> block("port", port.number(), "protocol", port.protocol()))
            .toList());
  }

  private List<Map<String, Object>> variables() {
    List<Map<String, Object>> variables = new ArrayList<>();
    algorithm
        .variables()
        .forEach(
            variable -> {
              Map<String, Object> entry =
                  block("name", variable.name(), "required", variable.required());
              if (variable.defaultValue() != null) {
                entry.put("default", variable.defaultValue());
              }
              variables.add(entry);
            });
    return variables;
  }

  private void ownKeys() {
    to.put("output", algorithm.outputMode() == OutputMode.FILE ? "file" : "folder");
    algorithm.timeout().ifPresent(limit -> to.put("timeout", Durations.write(limit)));
    if (!algorithm.retry().equals(RetryPolicy.NONE)) {
      to.put("retry", retry(algorithm.retry()));
    }
    if (!algorithm.successCodes().equals(Set.of(0))) {
      to.put("success-codes", new TreeSet<>(algorithm.successCodes()));
    }
    if (algorithm.network()) {
      to.put("network", true);
    }
    algorithm.stdin().ifPresent(path -> to.put("stdin", path));
    algorithm.stdout().ifPresent(path -> to.put("stdout", path));
    algorithm.stderr().ifPresent(path -> to.put("stderr", path));
    Resources resources = algorithm.resources();
    if (resources.scratchMib() > 0 || resources.gpus() > 0) {
      to.put("resources", block("scratch", resources.scratchMib(), "gpus", resources.gpus()));
    }
    if (!algorithm.staging().isEmpty()) {
      to.put("staging", algorithm.staging().stream().map(AlgorithmWriter::staging).toList());
    }
    algorithm
        .zippedOutput()
        .ifPresent(
            output ->
                to.put(
                    "zipped", block("output", output, "extension", algorithm.zippedExtension())));
    if (algorithm.argv().stream().anyMatch(this::isFile)) {
      to.put("base-folder", algorithm.baseFolder().toString());
    }
  }

  /** Whether a token names a file next to the algorithm; then the file must stay findable. */
  private boolean isFile(String token) {
    try {
      return !Path.of(token).isAbsolute()
          && Files.isRegularFile(algorithm.baseFolder().resolve(token));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static Map<String, Object> retry(RetryPolicy retry) {
    Map<String, Object> block =
        block("attempts", retry.attempts(), "backoff", Durations.write(retry.backoff()));
    block.put("max-backoff", Durations.write(retry.maxBackoff()));
    block.put("memory-factor", number(retry.memoryFactor()));
    return block;
  }

  private static Map<String, Object> staging(Staging staging) {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("path", staging.path());
    switch (staging.kind()) {
      case FILE -> block.put("file", String.valueOf(staging.file()));
      case TEXT -> block.put("text", staging.text());
      case FOLDER -> block.put("folder", true);
    }
    block.put("writable", staging.writable());
    return block;
  }

  /** Joins tokens so that splitting as a shell would gives them back. */
  static String command(List<String> tokens) {
    return String.join(
        " ",
        tokens.stream()
            .map(
                token ->
                    PLAIN_TOKEN.matcher(token).matches()
                        ? token
                        : "'" + token.replace("'", "'\\''") + "'")
            .toList());
  }

  private static Number number(double number) {
    return number == Math.rint(number) ? (Number) (long) number : (Number) number;
  }

  private static Map<String, Object> block(
      String key, Object value, String secondKey, Object secondValue) {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put(key, value);
    block.put(secondKey, secondValue);
    return block;
  }
}
