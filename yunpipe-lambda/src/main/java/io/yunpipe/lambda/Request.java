package io.yunpipe.lambda;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one message of a queue, or an invocation without one, asks for.
 *
 * @param id the message, or null for an invocation's own
 * @param objects objects that were stored
 * @param deadLetter a message of a stage's queue that was delivered too often, or null
 * @param tick whether to look after all unfinished runs
 * @param problem why it cannot be understood, or null
 */
record Request(
    @Nullable String id,
    List<ObjectNotice> objects,
    @Nullable String deadLetter,
    boolean tick,
    @Nullable String problem) {
  Request {
    objects = List.copyOf(objects);
  }

  static Request objects(@Nullable String id, List<ObjectNotice> objects) {
    return new Request(id, objects, null, false, null);
  }

  static Request deadLetter(@Nullable String id, String body) {
    return new Request(id, List.of(), body, false, null);
  }

  static Request tick(@Nullable String id) {
    return new Request(id, List.of(), null, true, null);
  }

  static Request problem(@Nullable String id, String problem) {
    return new Request(id, List.of(), null, false, problem);
  }
}
