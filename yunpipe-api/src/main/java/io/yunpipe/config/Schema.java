package io.yunpipe.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings there are, with their defaults: what the {@code reference.conf} of each module says.
 * A default also tells the type; an empty block is open to any key.
 */
final class Schema {
  static final String ROOT = "yunpipe";
  private static final Pattern DURATION = Pattern.compile("\\d+ ?(ms|s|m|h|d)");

  private final Map<String, ConfigValue> defaults = new TreeMap<>();
  private final Set<String> open = new TreeSet<>();

  private Schema() {}

  /** Reads what is on the library's class path; a kernel's threads have another class loader. */
  static Schema load() {
    return of(
        ConfigFactory.parseResources(
            Schema.class.getClassLoader(), "reference.conf", ConfigParseOptions.defaults()));
  }

  static Schema of(Config reference) {
    Schema schema = new Schema();
    if (reference.root().get(ROOT) instanceof ConfigObject root) {
      schema.collect(root.toConfig().resolve().root(), ROOT);
    }
    return schema;
  }

  private void collect(ConfigObject block, String path) {
    if (block.isEmpty()) {
      open.add(path);
    }
    block.forEach(
        (key, value) -> {
          if (value instanceof ConfigObject inner) {
            collect(inner, path + "." + key);
          } else {
            defaults.put(path + "." + key, value);
          }
        });
  }

  Map<String, ConfigValue> defaults() {
    return defaults;
  }

  boolean knows(String path) {
    return defaults.containsKey(path)
        || open.stream().anyMatch(root -> path.startsWith(root + "."));
  }

  /** Whether a path lies below a block of this name, so that it is surely meant for yunpipe. */
  boolean hasBlockOf(String path) {
    int end = path.lastIndexOf('.');
    String block = end < 0 ? path : path.substring(0, end);
    return !block.equals(ROOT)
        && defaults.keySet().stream().anyMatch(known -> known.startsWith(block + "."));
  }

  /** Returns all scalar values below a block by path; lists and unknown keys become problems. */
  Map<String, ConfigValue> read(ConfigObject block, String path, Problems problems) {
    Map<String, ConfigValue> values = new LinkedHashMap<>();
    for (String key : new Fields(block, path, problems).keysInOrder()) {
      ConfigValue value = block.get(key);
      String full = path + "." + key;
      if (value instanceof ConfigObject inner) {
        if (inner.isEmpty() || !defaults.containsKey(full)) {
          values.putAll(read(inner, full, problems));
        } else {
          problems.add(
              Where.of(value.origin()), full + ": expected a value, but found a block { … }");
        }
      } else if (value != null && value.valueType() != ConfigValueType.NULL) {
        if (check(full, value, Where.of(value.origin()), problems)) {
          values.put(full, value);
        }
      }
    }
    return values;
  }

  /** Reports an unknown path or a value of another type than the default's. */
  boolean check(String path, ConfigValue value, Where where, Problems problems) {
    if (!knows(path)) {
      problems.add(where, "unknown setting '" + path + "'" + nearest(path));
      return false;
    }
    if (!Values.isScalar(value)) {
      problems.add(where, path + ": expected one value, but found " + Values.describe(value));
      return false;
    }
    String expected = expected(path, Values.text(value));
    if (expected != null) {
      problems.add(
          where, path + ": expected " + expected + ", but found " + Values.describe(value));
    }
    return expected == null;
  }

  /** The nearest known path; the last word counts most, and a forgotten root is found too. */
  String nearest(String path) {
    List<String> candidates = new ArrayList<>(defaults.keySet());
    if (defaults.containsKey(ROOT + "." + path)) {
      return "; did you mean '" + ROOT + "." + path + "'?";
    }
    int end = path.lastIndexOf('.');
    String block = end < 0 ? "" : path.substring(0, end + 1);
    List<String> siblings =
        candidates.stream()
            .filter(known -> known.startsWith(block) && known.indexOf('.', block.length()) < 0)
            .map(known -> known.substring(block.length()))
            .toList();
    if (!siblings.isEmpty() && !block.equals(ROOT + ".")) {
      return Nearest.clause(path.substring(block.length()), siblings);
    }
    return Nearest.of(path, candidates).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  /** Returns a checked value in the one form that its readers expect. */
  String plain(String path, String text) {
    ConfigValue usual = defaults.get(path);
    boolean flag = usual != null && usual.valueType() == ConfigValueType.BOOLEAN;
    return flag ? String.valueOf(Values.flag(text)) : Values.atHome(text);
  }

  private @Nullable String expected(String path, String text) {
    ConfigValue usual = defaults.get(path);
    if (usual == null) {
      return null;
    }
    String usualText = Values.text(usual);
    if (usual.valueType() == ConfigValueType.BOOLEAN) {
      return Values.flag(text) == null ? "true or false" : null;
    }
    if (usual.valueType() == ConfigValueType.NUMBER) {
      boolean whole = Values.whole(usualText) != null;
      boolean right = whole ? Values.whole(text) != null : Values.number(text) != null;
      return right ? null : whole ? "a whole number" : "a number";
    }
    if (DURATION.matcher(usualText).matches()) {
      try {
        Durations.parse(text);
      } catch (IllegalArgumentException e) {
        return "a duration such as " + usualText;
      }
    }
    return null;
  }
}
