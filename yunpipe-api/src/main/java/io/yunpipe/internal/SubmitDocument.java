package io.yunpipe.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document that asks for a run over objects that are stored already.
 *
 * @param names the objects or folders, a job for each
 * @param config an object that each job gets as well, or null
 * @param timestamp what its writer calls the submission, or null
 * @param ignored keys that have no effect
 */
record SubmitDocument(
    List<String> names, @Nullable String config, @Nullable String timestamp, List<String> ignored) {
  static final int MAX_BYTES = 1 << 20;

  private static final int MAX_NAMES = 10_000;
  private static final String ENDING = "submit.json";
  private static final Set<String> NAMES = Set.of("dataname", "filename");
  private static final Set<String> EFFECTIVE =
      Set.of("dataname", "filename", "configname", "timestamp");

  /** Returns whether an upload of this key is a document, and not an input. */
  static boolean is(String key) {
    return key.endsWith(ENDING);
  }

  /**
   * Reads a document.
   *
   * @throws InvalidInputException with all that is wrong
   */
  static SubmitDocument parse(byte[] json) {
    JsonNode root;
    try {
      root = Json.tree(json);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "it is not JSON: line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": "
              + e.getOriginalMessage(),
          e);
    }
    if (!root.isObject()) {
      throw new InvalidInputException("it must be a JSON object with the key dataname");
    }
    List<String> problems = new ArrayList<>();
    List<String> names = new ArrayList<>();
    NAMES.forEach(key -> addNames(root.path(key), key, names, problems));
    if (names.isEmpty() && problems.isEmpty()) {
      problems.add("dataname is missing or empty: name an object, or a list of them");
    }
    if (names.size() > MAX_NAMES) {
      problems.add("it names " + names.size() + " objects, of at most " + MAX_NAMES);
    }
    List<String> ignored = new ArrayList<>();
    root.fieldNames()
        .forEachRemaining(
            key -> {
              if (!EFFECTIVE.contains(key)) {
                ignored.add(key);
              }
            });
    SubmitDocument document =
        new SubmitDocument(
            names,
            text(root.path("configname"), "configname", problems),
            text(root.path("timestamp"), "timestamp", problems),
            ignored);
    if (!problems.isEmpty()) {
      throw new InvalidInputException(
          String.join("; ", problems)
              + (ignored.isEmpty() ? "" : "; unknown keys: " + String.join(", ", ignored)));
    }
    return document;
  }

  private static void addNames(
      JsonNode value, String key, List<String> names, List<String> problems) {
    if (value.isTextual()) {
      names.add(value.asText());
    } else if (value.isArray()) {
      for (JsonNode each : value) {
        if (each.isTextual()) {
          names.add(each.asText());
        } else {
          problems.add(key + " must be a string or a list of strings, but has " + shown(each));
        }
      }
    } else if (!value.isMissingNode() && !value.isNull()) {
      problems.add(key + " must be a string or a list of strings, but is " + shown(value));
    }
  }

  private static @Nullable String text(JsonNode value, String key, List<String> problems) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (value.isContainerNode()) {
      problems.add(key + " must be a string, but is " + shown(value));
    }
    return value.asText();
  }

  private static String shown(JsonNode value) {
    return Quoted.of(value);
  }
}
