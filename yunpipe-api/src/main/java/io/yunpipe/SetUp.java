package io.yunpipe;

import java.util.List;

/**
 * What making a backend ready changes there.
 *
 * @param name what is made, such as a stack's name; empty if nothing is ever made
 * @param changes the changes, in the order they are told; empty if all is as it should be
 */
public record SetUp(String name, List<Change> changes) {
  /** A backend that needs nothing, or has it already. */
  public static final SetUp NOTHING = new SetUp("", List.of());

  /** Copies the list. */
  public SetUp {
    changes = List.copyOf(changes);
  }

  /** What happens to a resource. */
  public enum Action {
    /** It is made. */
    CREATE,
    /** It stays and is changed. */
    CHANGE,
    /** A new one takes its place; what the old one held is not taken over. */
    REPLACE,
    /** It is removed. */
    REMOVE
  }

  /**
   * One change.
   *
   * @param action what happens
   * @param type the kind of resource in the provider's words, such as {@code AWS::SQS::Queue}
   * @param name the resource's name, or its name in the template
   * @param detail what of it changes and why; may be empty
   */
  public record Change(Action action, String type, String name, String detail) {}
}
