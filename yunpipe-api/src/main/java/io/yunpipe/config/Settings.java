package io.yunpipe.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.yunpipe.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings in force. Each of these counts more than those before: the {@code reference.conf} of
 * each module; {@code yunpipe.conf} in the current folder, or the file named; the block {@code
 * yunpipe} of a pipeline file; system properties {@code yunpipe.…}; environment variables {@code
 * YUNPIPE_…}; what the program sets. Immutable and thread-safe.
 */
public final class Settings {
  private static final Logger logger = LoggerFactory.getLogger(Settings.class);
  private static final String USUAL_FILE = "yunpipe.conf";

  private final Map<String, String> values;
  private final List<String> warnings;

  private Settings(Map<String, String> values, List<String> warnings) {
    this.values = values;
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Reads all settings.
   *
   * @param file a settings file, which is read instead of {@code yunpipe.conf}; or a pipeline file,
   *     whose settings count more than those of {@code yunpipe.conf}; or null
   * @param overrides what the program sets, by path such as {@code yunpipe.local.directory}
   * @throws ConfigurationException with all problems, each with its file and line or its origin
   */
  public static Settings load(@Nullable Path file, Map<String, String> overrides) {
    Map<String, String> properties = new TreeMap<>();
    System.getProperties()
        .stringPropertyNames()
        .forEach(name -> properties.put(name, System.getProperty(name, "")));
    Settings settings =
        load(file, overrides, properties, System.getenv(), Path.of(USUAL_FILE), Schema.load());
    settings.warnings.forEach(logger::warn);
    return settings;
  }

  static Settings load(
      @Nullable Path file,
      Map<String, String> overrides,
      Map<String, String> properties,
      Map<String, String> environment,
      Path usual,
      Schema schema) {
    Problems problems = new Problems();
    Map<String, ConfigValue> values = new TreeMap<>(schema.defaults());
    FileLayer named = file == null ? null : FileLayer.read(file, schema, problems);
    if ((named == null || named.pipeline()) && Files.exists(usual) && !same(file, usual)) {
      values.putAll(FileLayer.read(usual, schema, problems).values());
    }
    if (named != null) {
      values.putAll(named.values());
    }
    Surroundings surroundings = new Surroundings(schema, problems);
    values.putAll(surroundings.properties(properties));
    values.putAll(surroundings.environment(environment));
    new TreeMap<>(overrides)
        .forEach(
            (path, text) -> {
              ConfigValue value = ConfigValueFactory.fromAnyRef(text, "the program");
              if (schema.check(path, value, new Where("set by the program", -1), problems)) {
                values.put(path, value);
              }
            });
    problems.throwIfAny(file == null ? "of yunpipe" : file.toString());
    Map<String, String> texts = new TreeMap<>();
    values.forEach((path, value) -> texts.put(path, schema.plain(path, Values.text(value))));
    return new Settings(texts, surroundings.warnings());
  }

  private static boolean same(@Nullable Path file, Path usual) {
    return file != null
        && file.toAbsolutePath().normalize().equals(usual.toAbsolutePath().normalize());
  }

  /** Returns the name of the backend to use. */
  public String backend() {
    return text("yunpipe.backend").orElse("local");
  }

  /**
   * Returns the settings of a backend: all below {@code yunpipe.<backend>}, by the path below it,
   * as they were written; but yes and no are {@code true} and {@code false}, and {@code ~/} is the
   * user's home. Unmodifiable; may be empty.
   */
  public Map<String, String> backendSettings(String backend) {
    String prefix = Schema.ROOT + "." + backend + ".";
    Map<String, String> below = new LinkedHashMap<>();
    values.forEach(
        (path, text) -> {
          if (path.startsWith(prefix)) {
            below.put(path.substring(prefix.length()), text);
          }
        });
    return Map.copyOf(below);
  }

  /** Returns one setting, as {@link #backendSettings} does. */
  public Optional<String> text(String path) {
    return Optional.ofNullable(values.get(path));
  }

  /** Returns what was ignored, one sentence each; {@link #load} has logged them. Unmodifiable. */
  public List<String> warnings() {
    return warnings;
  }
}
