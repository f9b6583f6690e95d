package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.SetUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.aws.stack.CloudFormation.Body;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Leads a stack to what it shall be, from wherever it is. Nothing is remembered between calls: a
 * program that was killed, or another one at the same time, finds the stack as it is.
 */
final class StackChange {
  private static final int INLINE_BYTES = 51_200;
  private static final int MAX_TURNS = 30;

  /** What a service says if somebody else was faster. */
  private static final Set<String> OVERTAKEN =
      Set.of(
          "AlreadyExistsException",
          "InvalidChangeSetStatus",
          "InvalidChangeSetStatusException",
          "ChangeSetNotFound",
          "ChangeSetNotFoundException",
          "TokenAlreadyExistsException",
          "OperationInProgressException",
          "StackNotFoundException",
          "ValidationError");

  private final CloudFormation cloud;
  private final StackWait wait;
  private final Pause pause;
  private final Guard guard;
  private final Function<String, String> upload;
  private final Map<String, String> tags;
  private final String stack;

  /** How it ended. */
  enum Result {
    /** It was so already. */
    UNCHANGED,
    /** It is so now. */
    CHANGED,
    /** The listener did not want it. */
    REFUSED
  }

  /**
   * Creates it.
   *
   * @param upload puts a large template where CloudFormation reads it, and returns the link
   * @param tags for the stack and all in it
   */
  StackChange(
      CloudFormation cloud,
      StackWait wait,
      Pause pause,
      Guard guard,
      Function<String, String> upload,
      Map<String, String> tags,
      String stack) {
    this.cloud = cloud;
    this.wait = wait;
    this.pause = pause;
    this.guard = guard;
    this.upload = upload;
    this.tags = tags;
    this.stack = stack;
  }

  /** Where one turn led. */
  private enum Turn {
    AGAIN,
    UNCHANGED,
    EXECUTED,
    REFUSED
  }

  /** Leads the stack there. */
  Result apply(StackTemplate template, SetUpListener listener) {
    boolean executed = false;
    Optional<StackView> before = Optional.empty();
    SetUpListener asksOnce = new Once(listener);
    for (int turn = 0; turn < MAX_TURNS; turn++) {
      Optional<StackView> view = wait.settled(stack, listener);
      StackState state = view.map(StackView::state).orElse(StackState.ABSENT);
      if (executed && (view.equals(before) || state == StackState.REVIEWED)) {
        // The service has not begun yet, or its answer is from before.
        pause.once();
        continue;
      }
      if (executed && state != StackState.COMPLETE) {
        throw failed(view, state);
      }
      if (state == StackState.COMPLETE && template.content().equals(view.get().content())) {
        return executed ? Result.CHANGED : Result.UNCHANGED;
      }
      try {
        Turn led = turn(template, state, asksOnce);
        if (led == Turn.REFUSED) {
          return Result.REFUSED;
        }
        if (led == Turn.UNCHANGED) {
          return executed ? Result.CHANGED : Result.UNCHANGED;
        }
        executed |= led == Turn.EXECUTED;
        before = view;
      } catch (BackendException e) {
        if (!overtaken(e) || !moved(view)) {
          throw e;
        }
        listener.step("Another program works on stack " + stack + " as well; looking again");
      }
    }
    throw new BackendException(
        "Stack "
            + stack
            + " does not come to rest: other programs keep changing it. Wait until they are done,"
            + " then run the same command again.",
        true,
        null);
  }

  /** Does what leads on from a state in which nothing is in progress. */
  private Turn turn(StackTemplate template, StackState state, SetUpListener listener) {
    return switch (state) {
      case ABSENT, REVIEWED -> change(template, "CREATE", listener);
      case COMPLETE, ROLLED_BACK -> change(template, "UPDATE", listener);
      case STUCK -> {
        listener.step("Continuing the rollback of stack " + stack);
        cloud.continueRollback(stack);
        yield Turn.AGAIN;
      }
      case FAILED -> {
        listener.step("Deleting stack " + stack + ", which could not be made");
        cloud.delete(stack, List.of());
        yield Turn.AGAIN;
      }
      case DELETE_FAILED -> {
        StackDeletion.Kept kept = new StackDeletion(cloud, wait).delete(stack, listener);
        kept.tell(listener);
        yield Turn.AGAIN;
      }
      case IN_PROGRESS, DELETING -> Turn.AGAIN;
    };
  }

  private Turn change(StackTemplate template, String type, SetUpListener listener) {
    boolean creates = type.equals("CREATE");
    if (creates && !listener.approve(new SetUp(stack, template.creation()))) {
      return Turn.REFUSED;
    }
    Optional<ChangeSetView> made = changeSet(template, type, listener);
    if (made.isEmpty()) {
      return Turn.UNCHANGED;
    }
    ChangeSetView changes = made.get();
    if (!changes.ready()) {
      // Somebody has it executed; or it is used up.
      if (!changes.running()) {
        cloud.deleteChangeSet(stack, changes.id());
      }
      pause.once();
      return Turn.AGAIN;
    }
    if (!creates) {
      boolean agreed = false;
      try {
        guard.check(stack, named(changes.changes()));
        agreed = listener.approve(setUp(changes));
      } finally {
        if (!agreed) {
          cloud.deleteChangeSet(stack, changes.id());
        }
      }
      if (!agreed) {
        return Turn.REFUSED;
      }
    }
    listener.step((creates ? "Making" : "Changing") + " stack " + stack);
    cloud.execute(stack, changes);
    return Turn.EXECUTED;
  }

  /** Completes the names of what goes away, which a guard must know. */
  private List<ChangeSetView.Item> named(List<ChangeSetView.Item> changes) {
    if (changes.stream().noneMatch(item -> item.loses() && item.physical().isEmpty())) {
      return changes;
    }
    Map<String, String> names = new TreeMap<>();
    cloud.resources(stack).forEach(one -> names.put(one.logical(), one.physical()));
    return changes.stream()
        .map(item -> item.of(names.getOrDefault(item.logical(), item.physical())))
        .toList();
  }

  private SetUp setUp(ChangeSetView changes) {
    return new SetUp(stack, changes.changes().stream().map(ChangeSetView.Item::change).toList());
  }

  /** Makes the change set, or takes the one of the same content; empty if nothing would change. */
  private Optional<ChangeSetView> changeSet(
      StackTemplate template, String type, SetUpListener listener) {
    String text = template.text();
    boolean large = text.getBytes(StandardCharsets.UTF_8).length > INLINE_BYTES;
    Body body =
        large ? new Body("TemplateURL", upload.apply(text)) : new Body("TemplateBody", text);
    String id = template.changeSet();
    try {
      id = cloud.createChangeSet(stack, template, body, type, tags);
    } catch (BackendException e) {
      if (AwsRefusal.says(e, "No updates are to be performed")) {
        return Optional.empty();
      }
      if (!AwsRefusal.is(e, "AlreadyExistsException")) {
        throw e;
      }
      listener.step("Going on with a change of stack " + stack + " that was begun before");
    }
    ChangeSetView view = cloud.describeChangeSet(stack, id);
    while (view.pending()) {
      pause.once();
      view = cloud.describeChangeSet(stack, id);
    }
    if (view.nothing()) {
      cloud.deleteChangeSet(stack, view.id());
      return Optional.empty();
    }
    if (view.status().equals("FAILED")) {
      cloud.deleteChangeSet(stack, view.id());
      throw new BackendException(
          "CloudFormation refused to change stack "
              + stack
              + ": "
              + view.reason()
              + ". Nothing was changed. Check the settings yunpipe.aws.",
          null);
    }
    return Optional.of(view);
  }

  /** Returns what {@link #apply} would change. Leaves nothing behind. */
  SetUp preview(StackTemplate template) {
    Optional<StackView> view = cloud.describe(stack);
    StackState state = view.map(StackView::state).orElse(StackState.ABSENT);
    if (state == StackState.COMPLETE && template.content().equals(view.get().content())) {
      return new SetUp(stack, List.of());
    }
    if (state.passing() || state == StackState.STUCK) {
      throw new BackendException(
          "Stack "
              + stack
              + " is in status "
              + view.get().status()
              + ", so what init would change is not known yet. Try again when it has ended.",
          true,
          null);
    }
    if (!state.usable()) {
      return new SetUp(stack, template.creation());
    }
    Optional<ChangeSetView> made = changeSet(template, "UPDATE", SetUpListener.none());
    made.ifPresent(changes -> cloud.deleteChangeSet(stack, changes.id()));
    return made.map(this::setUp).orElse(new SetUp(stack, List.of()));
  }

  private boolean moved(Optional<StackView> before) {
    Optional<StackView> now = cloud.describe(stack);
    if (now.equals(before)) {
      // It may be about to: whoever was faster has only asked so far.
      pause.once();
      now = cloud.describe(stack);
    }
    return !now.equals(before);
  }

  private static boolean overtaken(BackendException e) {
    return OVERTAKEN.stream().anyMatch(code -> AwsRefusal.is(e, code));
  }

  private BackendException failed(Optional<StackView> view, StackState state) {
    if (view.isEmpty()) {
      return new BackendException(
          "Stack " + stack + " was deleted by somebody while it was made. Run yunpipe init again.",
          true,
          null);
    }
    String undone =
        switch (state) {
          case ROLLED_BACK -> "It is as it was before, and can be used. ";
          case FAILED -> "What was made is removed again. ";
          default -> "";
        };
    return new BackendException(
        "Stack "
            + stack
            + " could not be set up: it ended in status "
            + view.get().status()
            + ". "
            + wait.reasons(view.get())
            + ". "
            + undone
            + "Put right what is told, then run yunpipe init again.",
        null);
  }

  /** Asks once, although other programs may make us begin again. */
  private static final class Once implements SetUpListener {
    private final SetUpListener listener;
    private Optional<SetUp> approved = Optional.empty();

    Once(SetUpListener listener) {
      this.listener = listener;
    }

    @Override
    public boolean approve(SetUp changes) {
      if (changes.changes().isEmpty() || approved.equals(Optional.of(changes))) {
        return true;
      }
      boolean agreed = listener.approve(changes);
      approved = agreed ? Optional.of(changes) : Optional.empty();
      return agreed;
    }

    @Override
    public void step(String what) {
      listener.step(what);
    }
  }
}
