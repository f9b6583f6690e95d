package io.yunpipe.aws.stack;

import io.yunpipe.SetUpListener;
import java.util.Optional;

/** Brings a stack to rest without changing what it is meant to be. */
final class StackRest {
  private static final int MAX_TURNS = 5;

  private final CloudFormation cloud;
  private final StackWait wait;

  StackRest(CloudFormation cloud, StackWait wait) {
    this.cloud = cloud;
    this.wait = wait;
  }

  /**
   * Waits for what is in progress, goes on with rollbacks that failed, and deletes what could not
   * be made.
   *
   * @return the stack if it is usable or under review; empty if there is none
   */
  Optional<StackView> reach(String stack, SetUpListener listener) {
    for (int turn = 0; turn < MAX_TURNS; turn++) {
      Optional<StackView> view = wait.settled(stack, listener);
      switch (view.map(StackView::state).orElse(StackState.ABSENT)) {
        case STUCK -> {
          listener.step("Continuing the rollback of stack " + stack);
          cloud.continueRollback(stack);
        }
        case FAILED, DELETE_FAILED -> {
          listener.step("Stack " + stack + " is in status " + view.get().status());
          new StackDeletion(cloud, wait).delete(stack, listener).tell(listener);
        }
        case ABSENT -> {
          return Optional.empty();
        }
        default -> {
          return view;
        }
      }
    }
    return wait.settled(stack, listener);
  }
}
