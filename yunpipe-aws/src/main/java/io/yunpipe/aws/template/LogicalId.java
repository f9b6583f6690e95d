package io.yunpipe.aws.template;

import io.yunpipe.internal.Sha256;
import java.nio.charset.StandardCharsets;

/** Names of resources within a template: letters and digits only. */
final class LogicalId {
  private static final int HASH = 6;

  private LogicalId() {}

  /** Returns a kind and a stage's name, with a hash so that {@code a-b} and {@code ab} differ. */
  static String of(String kind, String stage) {
    StringBuilder id = new StringBuilder(kind);
    for (String word : stage.split("[^A-Za-z0-9]+", -1)) {
      if (!word.isEmpty()) {
        id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
    }
    return id + Sha256.of(stage.getBytes(StandardCharsets.UTF_8)).substring(0, HASH);
  }
}
