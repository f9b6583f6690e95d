package io.yunpipe.aws.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides as IAM does, within one account: what a statement denies is denied, else what one allows
 * is allowed, else it is denied. Knows the operators that our policies use, and no others.
 */
final class PolicyEvaluator {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");

  private final List<JsonNode> policies;

  /** A policy of a role, and of what is called. */
  PolicyEvaluator(JsonNode... policies) {
    this.policies = List.of(policies);
  }

  /** Something that is asked for; the context has what conditions ask. */
  record Call(String action, String resource, Map<String, String> context) {
    static Call of(String action, String resource) {
      return new Call(action, resource, Map.of("aws:SecureTransport", "true"));
    }

    Call with(String key, String value) {
      Map<String, String> more = new TreeMap<>(context);
      more.put(key, value);
      return new Call(action, resource, more);
    }
  }

  boolean allows(Call call) {
    boolean allowed = false;
    for (JsonNode policy : policies) {
      for (JsonNode statement : policy.path("Statement")) {
        if (matches(statement, call)) {
          if (statement.path("Effect").asText().equals("Deny")) {
            return false;
          }
          allowed = true;
        }
      }
    }
    return allowed;
  }

  private static boolean matches(JsonNode statement, Call call) {
    return any(statement.path("Action"), action -> like(action, call.action(), true))
        && any(
            statement.path("Resource"),
            resource -> {
              String filled = filled(resource, call);
              return filled != null && like(filled, call.resource(), false);
            })
        && statement.path("Condition").properties().stream()
            .allMatch(
                operator ->
                    operator.getValue().properties().stream()
                        .allMatch(
                            key -> holds(operator.getKey(), key.getKey(), key.getValue(), call)));
  }

  private static boolean holds(String operator, String key, JsonNode wanted, Call call) {
    String found = call.context().get(key);
    if (operator.equals("Null")) {
      return wanted.asText().equals(Boolean.toString(found == null));
    }
    if (operator.startsWith("ForAllValues:")) {
      return found == null || holds(operator.substring(13), key, wanted, call);
    }
    if (found == null) {
      return false;
    }
    return switch (operator) {
      case "StringEquals", "Bool", "ArnEquals" ->
          any(wanted, value -> found.equals(filled(value, call)));
      case "StringLike", "ArnLike" ->
          any(
              wanted,
              value -> {
                String filled = filled(value, call);
                return filled != null && like(filled, found, false);
              });
      default -> throw new IllegalArgumentException("unknown operator " + operator);
    };
  }

  private static boolean any(JsonNode oneOrMany, Predicate<String> test) {
    List<String> all = new ArrayList<>();
    if (oneOrMany.isArray()) {
      oneOrMany.forEach(value -> all.add(value.asText()));
    } else {
      all.add(oneOrMany.asText());
    }
    return all.stream().anyMatch(test);
  }

  /** A variable that is not known matches nothing; what is put in is no pattern. */
  private static @Nullable String filled(String text, Call call) {
    Matcher variable = VARIABLE.matcher(text);
    StringBuilder all = new StringBuilder();
    while (variable.find()) {
      String value = call.context().get(variable.group(1));
      if (value == null || value.matches(".*[*?].*")) {
        return null;
      }
      variable.appendReplacement(all, Matcher.quoteReplacement(value));
    }
    return variable.appendTail(all).toString();
  }

  private static boolean like(String pattern, String text, boolean anyCase) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(
            regex.toString(), Pattern.DOTALL | (anyCase ? Pattern.CASE_INSENSITIVE : 0))
        .matcher(text)
        .matches();
  }
}
