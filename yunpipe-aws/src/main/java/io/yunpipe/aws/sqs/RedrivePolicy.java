package io.yunpipe.aws.sqs;

import io.yunpipe.aws.http.JsonAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Where a queue's dead letters go.
 *
 * @param target the ARN of their queue; empty if there is none
 * @param maxReceives how often a message is delivered before, as text
 */
record RedrivePolicy(String target, String maxReceives) {
  /** Reads the attribute; what is no JSON is no policy. */
  static RedrivePolicy parse(String json) {
    try {
      JsonAnswer answer =
          JsonAnswer.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
      return new RedrivePolicy(answer.text("deadLetterTargetArn"), answer.text("maxReceiveCount"));
    } catch (IOException e) {
      return new RedrivePolicy("", "");
    }
  }

  static RedrivePolicy of(String target, int maxReceives) {
    return new RedrivePolicy(target, Integer.toString(maxReceives));
  }

  boolean allows(int receives) {
    return maxReceives.equals(Integer.toString(receives));
  }

  String json() {
    return "{\"deadLetterTargetArn\":\""
        + target
        + "\",\"maxReceiveCount\":\""
        + maxReceives
        + "\"}";
  }
}
