package io.yunpipe.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings that a file brings: a settings file is nothing else, a pipeline file has them in a
 * block and, in the earlier formats, among its own keys.
 *
 * @param values by path
 * @param pipeline whether the file describes a pipeline
 */
record FileLayer(Map<String, ConfigValue> values, boolean pipeline) {
  private static final FileLayer NONE = new FileLayer(Map.of(), false);

  /** Where the earlier yunpipe's workflow keys go. */
  static final Map<String, String> EARLIER_KEYS = earlierKeys();

  static final List<String> WORKFLOW_KEYS = List.of("process", "stages", "algorithms", "zip");

  private static final List<String> ALGORITHM_KEYS =
      List.of("run_command", "container_name", "command", "image");

  private static Map<String, String> earlierKeys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("input_s3_name", "yunpipe.aws.input-bucket");
    keys.put("output_s3_name", "yunpipe.aws.output-bucket");
    keys.put("key_pair", "yunpipe.aws.key-pair");
    keys.put("account_id", "yunpipe.aws.account-id");
    keys.put("region", "yunpipe.aws.region");
    return keys;
  }

  static FileLayer read(Path file, Schema schema, Problems problems) {
    if (HalideFile.is(file)) {
      return new FileLayer(HalideFile.read(file, problems).settings(), true);
    }
    Config content = Hocon.parse(file, problems);
    if (content == null) {
      return NONE;
    }
    ConfigObject root = content.root();
    if (WORKFLOW_KEYS.stream().anyMatch(root::containsKey)
        || ALGORITHM_KEYS.stream().anyMatch(root::containsKey)) {
      return new FileLayer(ofPipeline(new Fields(root, "", problems), schema), true);
    }
    Fields in = new Fields(root, "", problems);
    Map<String, ConfigValue> values = block(in, schema);
    for (String key : in.keysInOrder()) {
      if (!key.equals(Schema.ROOT)) {
        problems.add(
            in.where(key),
            "unknown key '"
                + key
                + "'; settings are written below yunpipe, such as yunpipe.backend or yunpipe { … }");
      }
    }
    return new FileLayer(values, false);
  }

  /** The settings in a pipeline file. The block {@code yunpipe} counts more than other keys. */
  static Map<String, ConfigValue> ofPipeline(Fields in, Schema schema) {
    Map<String, ConfigValue> values = new LinkedHashMap<>();
    EARLIER_KEYS.forEach((key, path) -> put(in, key, path, values));
    put(in, "backend", "yunpipe.backend", values);
    values.putAll(block(in, schema));
    return values;
  }

  private static void put(Fields in, String key, String path, Map<String, ConfigValue> values) {
    ConfigValue value = in.text(key) == null ? null : in.value(key);
    if (value != null) {
      values.put(path, value);
    }
  }

  private static Map<String, ConfigValue> block(Fields in, Schema schema) {
    ConfigValue block = in.value(Schema.ROOT);
    if (block instanceof ConfigObject settings) {
      return schema.read(settings, Schema.ROOT, in.problems());
    }
    if (block != null) {
      in.block(Schema.ROOT);
    }
    return Map.of();
  }
}
