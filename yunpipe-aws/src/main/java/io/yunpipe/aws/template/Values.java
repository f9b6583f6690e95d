package io.yunpipe.aws.template;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Trees of maps, lists and texts, which become JSON with sorted keys. */
final class Values {
  private Values() {}

  /** Returns a map of keys and values in turn; pairs without a value are left out. */
  static Map<String, Object> map(@Nullable Object... keysAndValues) {
    Map<String, Object> map = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      Object value = keysAndValues[i + 1];
      if (value != null) {
        map.put(String.valueOf(keysAndValues[i]), value);
      }
    }
    return map;
  }

  /** Returns an environment as some services want it. */
  static List<Object> pairs(String key, String value, Map<String, Object> environment) {
    return environment.entrySet().stream()
        .<Object>map(one -> map(key, one.getKey(), value, one.getValue()))
        .toList();
  }

  static Map<String, Object> ref(String logicalId) {
    return map("Ref", logicalId);
  }

  static Map<String, Object> attribute(String logicalId, String name) {
    return map("Fn::GetAtt", List.of(logicalId, name));
  }
}
