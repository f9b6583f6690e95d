package io.yunpipe.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.yunpipe.InvalidPipelineException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Binds one block of settings to values. Each wrong value becomes a problem and reads as absent, so
 * that reading goes on; {@link #finish} reports the keys that nobody asked for.
 */
final class Fields {
  private final ConfigObject object;
  private final String path;
  private final Problems problems;
  private final Set<String> known = new LinkedHashSet<>();

  Fields(ConfigObject object, String path, Problems problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
  }

  Problems problems() {
    return problems;
  }

  Where where() {
    return Where.of(object.origin());
  }

  Where where(String key) {
    ConfigValue value = object.get(key);
    return value == null ? where() : Where.of(value.origin());
  }

  Set<String> keys() {
    return object.keySet();
  }

  boolean has(String key) {
    return value(key) != null;
  }

  void problem(String text) {
    problems.add(where(), path.isEmpty() ? text : path + ": " + text);
  }

  void problem(String key, String text) {
    problems.add(where(key), path(key) + ": " + text);
  }

  @Nullable ConfigValue value(String key) {
    known.add(key);
    ConfigValue value = object.get(key);
    return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
  }

  @Nullable String text(String key) {
    ConfigValue value = value(key);
    return value == null ? null : text(value, key, "text");
  }

  String text(String key, String absent) {
    String text = text(key);
    return text == null ? absent : text;
  }

  /** Hands a text that is there and not empty to a setter, and reports what the setter refuses. */
  void whenSet(String key, Consumer<String> setter) {
    String text = text(key);
    if (text != null && !text.isEmpty()) {
      attempt(key, () -> setter.accept(text));
    }
  }

  /** Reads a path; {@code ~/} is the user's home, and a relative one starts from a folder. */
  @Nullable Path path(String key, Path base) {
    String text = text(key);
    return text == null ? null : make(key, () -> base.resolve(Values.atHome(text)));
  }

  boolean isList(String key) {
    return value(key) instanceof ConfigList;
  }

  boolean flag(String key, boolean absent) {
    Boolean flag = flag(key);
    return flag == null ? absent : flag;
  }

  @Nullable Boolean flag(String key) {
    String text = scalar(key, "true or false");
    Boolean flag = text == null ? null : Values.flag(text);
    if (text != null && flag == null) {
      mismatch(key, "true or false");
    }
    return flag;
  }

  @Nullable Long whole(String key) {
    String text = scalar(key, "a whole number");
    Long whole = text == null ? null : Values.whole(text);
    if (text != null && whole == null) {
      mismatch(key, "a whole number");
    }
    return whole;
  }

  @Nullable Double number(String key) {
    String text = scalar(key, "a number");
    Double number = text == null ? null : Values.number(text);
    if (text != null && number == null) {
      mismatch(key, "a number");
    }
    return number;
  }

  @Nullable Duration duration(String key) {
    String text = scalar(key, "a duration such as 30s, 5m or 2h");
    if (text == null) {
      return null;
    }
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      problem(key, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /**
   * Reads an amount of memory or disk in MiB; a number without unit is MiB, a part counts as one.
   */
  @Nullable Long mib(String key) {
    String text = scalar(key, "an amount such as 512 MiB or 4 GiB");
    if (text == null) {
      return null;
    }
    Long mib = Values.mib(text);
    if (mib == null) {
      mismatch(key, "an amount such as 512 MiB or 4 GiB");
    }
    return mib;
  }

  /** Reads a list of texts; one text alone is a list of one. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Item item : list(key)) {
      String text = text(item.value(), item.name(), "text");
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  /** An entry of a list, with its name for messages. */
  record Item(String name, ConfigValue value) {}

  /** Reads a list of anything; one thing alone is a list of one. */
  List<Item> list(String key) {
    ConfigValue value = value(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof ConfigList list)) {
      return List.of(new Item(key, value));
    }
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      items.add(new Item(key + "[" + i + "]", list.get(i)));
    }
    return items;
  }

  /** Reads a block whose keys are free and whose values are texts. */
  Map<String, String> textMap(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    Fields block = block(key);
    if (block != null) {
      for (String name : block.keysInOrder()) {
        String text = block.text(name);
        if (text != null) {
          texts.put(name, text);
        }
      }
    }
    return texts;
  }

  @Nullable Fields block(String key) {
    ConfigValue value = value(key);
    return value == null ? null : block(value, key);
  }

  @Nullable Fields block(Item item) {
    return block(item.value(), item.name());
  }

  private @Nullable Fields block(ConfigValue value, String name) {
    if (value instanceof ConfigObject block) {
      return new Fields(block, path(name), problems);
    }
    problems.add(
        Where.of(value.origin()),
        path(name) + ": expected a block { … }, but found " + Values.describe(value));
    return null;
  }

  /** Reads a list entry that must be text. */
  @Nullable String text(Item item, String expected) {
    return text(item.value(), item.name(), expected);
  }

  /** The keys as they are written; the parser forgets the order, but not the lines. */
  List<String> keysInOrder() {
    return object.entrySet().stream()
        .sorted(
            Comparator.comparingInt(
                    (Map.Entry<String, ConfigValue> entry) ->
                        entry.getValue().origin().lineNumber())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Calls what checks a value itself, such as a builder's setter, and reports what it refuses. */
  void attempt(String key, Runnable setter) {
    make(
        key,
        () -> {
          setter.run();
          return true;
        });
  }

  /** As {@link #attempt(String, Runnable)}, with a result; null if it was refused. */
  <T> @Nullable T make(String key, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (InvalidPipelineException e) {
      e.problems().forEach(text -> problem(key, text));
    } catch (IllegalArgumentException e) {
      problem(key, String.valueOf(e.getMessage()));
    }
    return null;
  }

  /** As {@link #make(String, Supplier)}, for an entry of a list. */
  <T> @Nullable T make(Item item, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      problem(item, String.valueOf(e.getMessage()));
      return null;
    }
  }

  void problem(Item item, String text) {
    problems.add(Where.of(item.value().origin()), path(item.name()) + ": " + text);
  }

  void mismatch(Item item, String expected) {
    problem(item, "expected " + expected + ", but found " + Values.describe(item.value()));
  }

  /** Reports that two keys which exclude each other are both there. */
  void exclusive(String one, String other) {
    if (has(one) && has(other)) {
      problem(other, "is set together with " + path(one) + "; use one of them");
    }
  }

  void finish() {
    for (String key : keysInOrder()) {
      if (!known.contains(key)) {
        problems.add(where(key), "unknown key '" + path(key) + "'" + Nearest.clause(key, known));
      }
    }
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private @Nullable String scalar(String key, String expected) {
    ConfigValue value = value(key);
    return value == null ? null : text(value, key, expected);
  }

  private @Nullable String text(ConfigValue value, String name, String expected) {
    try {
      return Values.text(value);
    } catch (ConfigException e) {
      problems.add(
          Where.of(value.origin()),
          path(name) + ": expected " + expected + ", but found " + Values.describe(value));
      return null;
    }
  }

  private void mismatch(String key, String expected) {
    ConfigValue value = value(key);
    if (value != null) {
      problem(key, "expected " + expected + ", but found " + Values.describe(value));
    }
  }
}
