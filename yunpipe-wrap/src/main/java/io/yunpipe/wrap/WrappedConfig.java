package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The configuration of an image, and what becomes of it. */
final class WrappedConfig {
  /** As docs/worker.md explains; the worker must start fast and stay small. */
  private static final List<String> ENTRY_POINT =
      List.of(
          LayerWriter.JAVA,
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:CompileThresholdScaling=10",
          "-Xmx256m",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "-cp",
          LayerWriter.WORKER,
          "io.yunpipe.runner.WorkerMain");

  /** What belongs to the worker and never reaches an algorithm; see docs/worker.md. */
  private static final Pattern WORKERS = Pattern.compile("(AWS|ECS|YUNPIPE)_.*");

  /** The worker makes these itself. */
  private static final List<String> MADE = List.of("HOME", "TMPDIR");

  /** What acts on the worker, too. */
  static final Pattern ACTING =
      Pattern.compile("JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|LD_PRELOAD|AWS_.*");

  private WrappedConfig() {}

  /**
   * Returns the configuration of the wrapped image.
   *
   * @param base the base's; stays as it is
   * @param labels what is added
   * @param user null for the base's
   */
  static ObjectNode of(
      ObjectNode base, Layer layer, Map<String, String> labels, @Nullable String user) {
    ObjectNode all = base.deepCopy();
    ObjectNode config = all.withObject("/config");
    List<String> command = new ArrayList<>(Documents.texts(config.path("Entrypoint")));
    command.addAll(Documents.texts(config.path("Cmd")));
    config.set("Entrypoint", texts(ENTRY_POINT));
    config.remove("Cmd");
    // The worker acts on SIGTERM; the base's own signal may mean nothing to it, or worse.
    config.remove("StopSignal");
    config.remove("Healthcheck");
    // Of how the base was made, with its command.
    all.remove("container_config");
    if (user != null) {
      config.put("User", user);
    }
    config.set("Env", environment(config.path("Env"), command));
    ObjectNode labelled = config.withObject("/Labels");
    labels.forEach(labelled::put);
    ArrayNode diffs = all.withObject("/rootfs").put("type", "layers").withArray("/diff_ids");
    diffs.add(layer.diffId());
    addHistory(all, diffs.size() - 1);
    if (!all.has("created")) {
      all.put("created", "1970-01-01T00:00:00Z");
    }
    return all;
  }

  /** A history that does not tell of all layers is left alone; tools compare the two. */
  private static void addHistory(ObjectNode all, int layers) {
    long told = 0;
    for (JsonNode one : all.path("history")) {
      told += one.path("empty_layer").asBoolean() ? 0 : 1;
    }
    if (told == layers) {
      all.withArray("/history")
          .addObject()
          .put("created", all.path("created").asText("1970-01-01T00:00:00Z"))
          .put("created_by", "yunpipe wrap");
    }
  }

  private static ArrayNode environment(JsonNode base, List<String> command) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String one : Documents.texts(base)) {
      int equals = one.indexOf('=');
      variables.put(equals < 0 ? one : one.substring(0, equals), one);
    }
    String passed =
        String.join(
            ",",
            variables.keySet().stream()
                .filter(name -> !name.isBlank() && !name.contains(","))
                .filter(name -> !WORKERS.matcher(name).matches() && !MADE.contains(name))
                .toList());
    put(variables, "YUNPIPE_INSIDE", "true");
    put(variables, "YUNPIPE_ENTRYPOINT", texts(command).toString());
    put(variables, "YUNPIPE_PASS", passed);
    return texts(List.copyOf(variables.values()));
  }

  private static void put(Map<String, String> variables, String name, String value) {
    variables.put(name, name + "=" + value);
  }

  static ArrayNode texts(List<String> texts) {
    ArrayNode array = Documents.JSON.createArrayNode();
    texts.forEach(array::add);
    return array;
  }

  /** Reads how an image is run. */
  static ImageConfig read(ObjectNode all) {
    JsonNode config = all.path("config");
    Map<String, String> environment = new LinkedHashMap<>();
    for (String one : Documents.texts(config.path("Env"))) {
      int equals = one.indexOf('=');
      if (equals > 0) {
        environment.put(one.substring(0, equals), one.substring(equals + 1));
      }
    }
    Map<String, String> labels = new LinkedHashMap<>();
    config
        .path("Labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    List<String> ports = new ArrayList<>();
    config.path("ExposedPorts").fieldNames().forEachRemaining(ports::add);
    return new ImageConfig(
        Documents.texts(config.path("Entrypoint")),
        Documents.texts(config.path("Cmd")),
        environment,
        config.path("User").asText(""),
        config.path("WorkingDir").asText(""),
        ports,
        labels);
  }

  /** Reads a configuration and checks that it is one of an image. */
  static ObjectNode parse(byte[] bytes, Manifest manifest, String what) {
    ObjectNode config = Documents.object(bytes, "the configuration of " + what);
    int diffs = config.path("rootfs").path("diff_ids").size();
    if (diffs != manifest.layers().size()) {
      throw new BackendException(
          "Could not use "
              + what
              + ": its manifest has "
              + manifest.layers().size()
              + " layers, but its configuration "
              + diffs,
          null);
    }
    must(config.path("config"), JsonNode::isObject, "config", what);
    must(config.path("config").path("Labels"), JsonNode::isObject, "config.Labels", what);
    must(config.path("rootfs").path("diff_ids"), JsonNode::isArray, "rootfs.diff_ids", what);
    must(config.path("history"), JsonNode::isArray, "history", what);
    for (String list : List.of("Env", "Entrypoint", "Cmd")) {
      must(config.path("config").path(list), JsonNode::isArray, "config." + list, what);
    }
    return config;
  }

  private static void must(JsonNode value, Predicate<JsonNode> shape, String name, String what) {
    if (!value.isMissingNode() && !value.isNull() && !shape.test(value)) {
      throw new BackendException(
          "Could not use " + what + ": '" + name + "' of its configuration has an unknown shape",
          null);
    }
  }
}
