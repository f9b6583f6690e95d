package io.yunpipe.aws.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a policy.
 *
 * @param sid a word for readers
 * @param allow whether it allows; otherwise it denies, whatever else allows
 * @param principal whom it is about; null in policies of roles
 * @param actions what they do
 * @param resources on what; empty in trust policies
 * @param conditions operator to key to values
 */
record Statement(
    String sid,
    boolean allow,
    @Nullable Object principal,
    List<String> actions,
    List<String> resources,
    Map<String, Map<String, Object>> conditions) {

  static Statement allow(String sid, List<String> actions, List<String> resources) {
    return new Statement(sid, true, null, actions, resources, Map.of());
  }

  static Statement deny(String sid, List<String> actions, List<String> resources) {
    return new Statement(sid, false, null, actions, resources, Map.of());
  }

  /** Returns who may take a role. */
  static Statement trust(Object principal, String... actions) {
    return new Statement("Trust", true, principal, List.of(actions), List.of(), Map.of());
  }

  Statement of(Object whom) {
    return new Statement(sid, allow, whom, actions, resources, conditions);
  }

  /** Returns a copy that holds only if this is so as well. */
  Statement when(String operator, String key, Object values) {
    Map<String, Map<String, Object>> all = new TreeMap<>(conditions);
    Map<String, Object> keys = new TreeMap<>(all.getOrDefault(operator, Map.of()));
    keys.put(key, values);
    all.put(operator, keys);
    return new Statement(sid, allow, principal, actions, resources, all);
  }

  /** Returns it as policies have it. */
  Map<String, Object> values() {
    return Values.map(
        "Sid",
        sid,
        "Effect",
        allow ? "Allow" : "Deny",
        "Principal",
        principal,
        "Action",
        one(actions),
        "Resource",
        resources.isEmpty() ? null : one(resources),
        "Condition",
        conditions.isEmpty() ? null : conditions);
  }

  private static Object one(List<String> texts) {
    return texts.size() == 1 ? texts.get(0) : texts;
  }

  /** Returns a policy of statements. */
  static Map<String, Object> policy(List<Statement> statements) {
    List<Object> all = new ArrayList<>();
    statements.forEach(statement -> all.add(statement.values()));
    return Values.map("Version", "2012-10-17", "Statement", all);
  }
}
