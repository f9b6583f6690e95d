package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.stack.CloudFormation.Resource;
import java.util.List;
import java.util.Optional;

/** Deletes stacks; what cannot be deleted is left, and told. */
final class StackDeletion {
  private final CloudFormation cloud;
  private final StackWait wait;

  StackDeletion(CloudFormation cloud, StackWait wait) {
    this.cloud = cloud;
    this.wait = wait;
  }

  /**
   * What stayed of a stack that is gone.
   *
   * @param resources what could not be deleted
   * @param why what CloudFormation said
   */
  record Kept(List<Resource> resources, String why) {
    static final Kept NOTHING = new Kept(List.of(), "");

    void tell(SetUpListener listener) {
      lines().forEach(line -> listener.step("Left: " + line));
    }

    List<String> lines() {
      return resources.stream()
          .map(
              one ->
                  one.type()
                      + " "
                      + (one.physical().isEmpty() ? one.logical() : one.physical())
                      + ": could not be deleted: "
                      + why)
          .toList();
    }
  }

  /** Deletes a stack from whatever state it is in; absent is success. */
  Kept delete(String stack, SetUpListener listener) {
    Optional<StackView> view = wait.settled(stack, listener);
    if (view.isEmpty() || view.get().state() == StackState.ABSENT) {
      return Kept.NOTHING;
    }
    String id = view.get().id();
    // What was in use a moment ago may be free now, so it is left only if that fails twice.
    int tries = view.get().state() == StackState.DELETE_FAILED ? 1 : 2;
    for (int attempt = 0; attempt < tries; attempt++) {
      listener.step("Deleting stack " + stack + (attempt == 0 ? "" : " once more"));
      cloud.delete(id, List.of());
      view = wait.settled(id, listener);
      if (view.isEmpty() || view.get().state() != StackState.DELETE_FAILED) {
        return Kept.NOTHING;
      }
    }
    Kept kept = stuck(view.get());
    listener.step("Deleting stack " + stack + " without what cannot be deleted");
    cloud.delete(id, kept.resources().stream().map(Resource::logical).toList());
    view = wait.settled(id, listener);
    if (view.isPresent() && view.get().state() != StackState.ABSENT) {
      throw new BackendException(
          "Stack "
              + stack
              + " could not be deleted: it is in status "
              + view.get().status()
              + ". "
              + wait.reasons(view.get())
              + ". Put right what is told, then run yunpipe clean-up again.",
          null);
    }
    return kept;
  }

  private Kept stuck(StackView view) {
    List<Resource> left =
        cloud.resources(view.id()).stream()
            .filter(resource -> resource.status().equals("DELETE_FAILED"))
            .toList();
    return new Kept(left, wait.reasons(view));
  }
}
