package io.yunpipe.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Settings from system properties and environment variables. */
final class Surroundings {
  private static final String PREFIX = "YUNPIPE_";

  /** Changes that make one name of another by mistake. */
  private static final int TYPO = 2;

  private final Schema schema;
  private final Problems problems;
  private final List<String> warnings = new ArrayList<>();

  Surroundings(Schema schema, Problems problems) {
    this.schema = schema;
    this.problems = problems;
  }

  List<String> warnings() {
    return warnings;
  }

  Map<String, ConfigValue> properties(Map<String, String> properties) {
    Map<String, ConfigValue> values = new TreeMap<>();
    new TreeMap<>(properties)
        .forEach(
            (name, text) -> {
              if (name.startsWith(Schema.ROOT + ".")) {
                take(name, text, "system property " + name, values);
              }
            });
    return values;
  }

  Map<String, ConfigValue> environment(Map<String, String> environment) {
    Map<String, ConfigValue> values = new TreeMap<>();
    new TreeMap<>(environment)
        .forEach(
            (name, text) -> {
              if (name.startsWith(PREFIX)) {
                take(path(name), text, "environment variable " + name, values);
              }
            });
    return values;
  }

  /**
   * The setting that a variable names: one underscore is a dot, two are a dash. A known setting is
   * also found when one underscore stands for its dash.
   */
  String path(String variable) {
    String path = variable.toLowerCase(Locale.ROOT).replace("__", "-").replace('_', '.');
    if (schema.knows(path)) {
      return path;
    }
    String loose = path.replace('-', '.');
    return schema.defaults().keySet().stream()
        .filter(known -> known.replace('-', '.').equals(loose))
        .findFirst()
        .orElse(path);
  }

  /** Other programs may use names like ours, so a name that is nowhere near is left alone. */
  private void take(String path, String text, String origin, Map<String, ConfigValue> values) {
    ConfigValue value = ConfigValueFactory.fromAnyRef(text, origin);
    if (schema.knows(path) || schema.hasBlockOf(path)) {
      if (schema.check(path, value, new Where(origin, -1), problems)) {
        values.put(path, value);
      }
      return;
    }
    if (schema.defaults().keySet().stream()
        .anyMatch(known -> Nearest.distance(path, known) <= TYPO)) {
      warnings.add(origin + ": unknown setting '" + path + "' is ignored" + schema.nearest(path));
    }
  }
}
