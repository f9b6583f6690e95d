package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.stack.CloudFormation.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Waits for what CloudFormation does with a stack, and tells it. */
final class StackWait {
  /** Services' clocks and this machine's may differ, and others may have begun the work. */
  private static final Duration BEFORE = Duration.ofMinutes(2);

  /** Longer than anything in our templates takes. */
  private static final Duration PATIENCE = Duration.ofMinutes(60);

  private static final int REASONS = 5;

  private final CloudFormation cloud;
  private final Pause pause;
  private final Clock clock;

  StackWait(CloudFormation cloud, Pause pause, Clock clock) {
    this.cloud = cloud;
    this.pause = pause;
    this.clock = clock;
  }

  /**
   * Waits until nothing is in progress.
   *
   * @param stack its name, or its id
   * @return the stack, unless it is gone
   */
  Optional<StackView> settled(String stack, SetUpListener listener) {
    Instant begin = clock.instant();
    Set<String> told = new HashSet<>();
    while (true) {
      Optional<StackView> view = cloud.describe(stack);
      if (view.isEmpty() || !view.get().state().passing()) {
        return view;
      }
      tell(view.get(), begin.minus(BEFORE), told, listener);
      if (Duration.between(begin, clock.instant()).compareTo(PATIENCE) > 0) {
        throw new BackendException(
            "Waited for an hour, but stack "
                + stack
                + " is still in status "
                + view.get().status()
                + ". AWS goes on with it; run the same command again later, or look at its events"
                + " in CloudFormation's console.",
            true,
            null);
      }
      pause.once();
    }
  }

  private void tell(StackView view, Instant since, Set<String> told, SetUpListener listener) {
    List<Event> events = cloud.events(view.id(), since);
    for (int i = events.size() - 1; i >= 0; i--) {
      Event event = events.get(i);
      if (told.add(event.id())) {
        listener.step(
            event.status()
                + " "
                + event.type()
                + " "
                + event.resource()
                + (event.reason().isEmpty() ? "" : ": " + event.reason()));
      }
    }
  }

  /** Returns the reasons of the last failure, in the order they came. */
  String reasons(StackView view) {
    List<String> reasons =
        cloud.events(view.id(), clock.instant().minus(PATIENCE)).stream()
            .filter(event -> event.failed() && !event.reason().isEmpty())
            .filter(event -> !event.reason().contains("cancelled"))
            .map(event -> event.type() + " " + event.resource() + ": " + event.reason())
            .toList();
    if (reasons.isEmpty()) {
      return view.reason().isEmpty() ? "no reason is told" : view.reason();
    }
    // Newest come first; the cause is the oldest.
    List<String> oldest = new java.util.ArrayList<>(reasons);
    java.util.Collections.reverse(oldest);
    return String.join("; ", oldest.subList(0, Math.min(REASONS, oldest.size())));
  }
}
