package io.yunpipe.aws.stack;

import io.yunpipe.SetUp.Action;
import io.yunpipe.SetUp.Change;
import io.yunpipe.aws.http.XmlNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A change set as it is.
 *
 * @param id its ARN
 * @param status whether it is made
 * @param execution whether it can be, or was, executed
 * @param reason why it failed; may be empty
 * @param changes what it does
 */
record ChangeSetView(
    String id, String status, String execution, String reason, List<Item> changes) {
  /**
   * A change of a resource.
   *
   * @param logical its name in the template
   * @param physical its name; empty if it is new
   * @param type its type
   * @param action {@code Add}, {@code Modify}, {@code Remove}, {@code Import} or {@code Dynamic}
   * @param replacement {@code True}, {@code Conditional}, {@code False} or empty
   * @param what the properties that change
   */
  record Item(
      String logical,
      String physical,
      String type,
      String action,
      String replacement,
      String what) {
    /** Returns whether what it holds is lost, or may be. */
    boolean loses() {
      return action.equals("Remove")
          || (action.equals("Modify")
              && (replacement.equals("True") || replacement.equals("Conditional")));
    }

    /** Returns a copy with a name. */
    Item of(String name) {
      return new Item(logical, name, type, action, replacement, what);
    }

    Change change() {
      Action does =
          switch (action) {
            case "Add", "Import" -> Action.CREATE;
            case "Remove" -> Action.REMOVE;
            default -> replacement.equals("True") ? Action.REPLACE : Action.CHANGE;
          };
      String perhaps = replacement.equals("Conditional") ? "perhaps replaced; " : "";
      return new Change(does, type, physical.isEmpty() ? logical : physical, perhaps + what);
    }
  }

  static List<Item> items(XmlNode result) {
    return result.all("Changes/member/ResourceChange").stream()
        .map(
            change ->
                new Item(
                    change.value("LogicalResourceId"),
                    change.value("PhysicalResourceId"),
                    change.value("ResourceType"),
                    change.value("Action"),
                    change.value("Replacement"),
                    change.all("Details/member/Target").stream()
                        .map(
                            target ->
                                target.value("Name").isEmpty()
                                    ? target.value("Attribute")
                                    : target.value("Name"))
                        .distinct()
                        .collect(Collectors.joining(", "))))
        .toList();
  }

  boolean ready() {
    return status.equals("CREATE_COMPLETE") && execution.equals("AVAILABLE");
  }

  /** Returns whether it is still being made. */
  boolean pending() {
    return status.startsWith("CREATE_") && !status.equals("CREATE_COMPLETE");
  }

  /** Returns whether somebody has it executed right now. */
  boolean running() {
    return execution.equals("EXECUTE_IN_PROGRESS");
  }

  /** Returns whether it was refused because it changes nothing. */
  boolean nothing() {
    return status.equals("FAILED")
        && (reason.contains("didn't contain changes") || reason.contains("No updates are to be"));
  }
}
