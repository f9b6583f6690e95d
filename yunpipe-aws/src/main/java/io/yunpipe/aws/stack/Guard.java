package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.aws.stack.ChangeSetView.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Refuses changes that lose data. */
final class Guard {
  private static final String BUCKET = "AWS::S3::Bucket";
  private static final String QUEUE = "AWS::SQS::Queue";
  private static final String IMAGES = "AWS::ECR::Repository";

  private final ToLongFunction<String> messages;

  /**
   * Creates it.
   *
   * @param messages returns how many messages a queue of a name has
   */
  Guard(ToLongFunction<String> messages) {
    this.messages = messages;
  }

  /**
   * Checks changes.
   *
   * @throws BackendException with all that would be lost
   */
  void check(String stack, List<Item> changes) {
    List<String> lost = new ArrayList<>();
    for (Item item : changes) {
      if (item.loses()) {
        String why = holds(item);
        if (!why.isEmpty()) {
          lost.add(
              (item.action().equals("Remove") ? "remove " : "replace ")
                  + item.type()
                  + " "
                  + item.physical()
                  + " ("
                  + item.logical()
                  + (item.what().isEmpty() ? "" : "; " + item.what() + " changes")
                  + "), "
                  + why);
        }
      }
    }
    if (!lost.isEmpty()) {
      throw new BackendException(
          "Stack "
              + stack
              + " was not changed, since the change would "
              + String.join("; and ", lost)
              + ". Put the settings back, or give the pipeline another name or queue-prefix, which"
              + " makes a stack of its own; let runs end for queues to become empty; or remove the"
              + " pipeline with yunpipe clean-up first.",
          null);
    }
  }

  private String holds(Item item) {
    return switch (item.type()) {
      case BUCKET -> "which holds the data";
      case IMAGES -> "which holds images";
      case QUEUE -> {
        String name = item.physical().substring(item.physical().lastIndexOf('/') + 1);
        long count = messages.applyAsLong(name);
        yield count == 0 ? "" : "which has " + count + " messages";
      }
      default -> "";
    };
  }
}
