package io.yunpipe.aws.sqs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.yunpipe.aws.http.JsonAnswer;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whose a message is: the run it names. */
final class Tenant {
  /** What SQS takes as a group. */
  private static final Pattern GROUP = Pattern.compile("[\\x21-\\x7E]{1,128}");

  private Tenant() {}

  /** Returns the run that a message is for, or null if it names none. */
  static @Nullable String of(String body) {
    if (!body.startsWith("{")) {
      return null;
    }
    try (JsonParser parser = JsonAnswer.JSON.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean run = parser.currentName().equals("run");
        JsonToken value = parser.nextToken();
        if (run) {
          String text = value == JsonToken.VALUE_STRING ? parser.getText() : "";
          return GROUP.matcher(text).matches() ? text : null;
        }
        parser.skipChildren();
      }
      return null;
    } catch (IOException e) {
      // Not a message of ours; a queue carries any text.
      return null;
    }
  }
}
