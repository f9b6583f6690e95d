package io.yunpipe.aws.template;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Tags that everything has: to find it, and to see on the bill what it costs. */
public final class Tags {
  /** Names the pipeline. */
  public static final String PIPELINE = "yunpipe:pipeline";

  /** Names the stack. */
  public static final String STACK = "yunpipe:stack";

  /** Names the stage that a machine works for. */
  public static final String STAGE = "yunpipe:stage";

  /** Those that no setting changes. */
  static final Set<String> OURS = Set.of(PIPELINE, STACK);

  private Tags() {}

  /** Returns the tags of everything in a pipeline's stack, and of what runs for it. */
  public static Map<String, String> of(StackSpec spec) {
    Map<String, String> all = new TreeMap<>(spec.tags());
    all.put(PIPELINE, spec.names().pipeline());
    all.put(STACK, spec.names().stack());
    return all;
  }

  /** Returns the tags of what all pipelines share. */
  static Map<String, String> ofAll(StackNames names) {
    return Map.of(STACK, names.bootstrap());
  }
}
