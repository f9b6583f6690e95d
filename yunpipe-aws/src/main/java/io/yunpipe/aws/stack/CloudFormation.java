package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.http.XmlNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** CloudFormation's calls, one by one. */
final class CloudFormation {
  static final String VERSION = "2010-05-15";

  private final QueryService service;

  CloudFormation(QueryService service) {
    this.service = service;
  }

  /** A stack's or change set's template: itself, or where it lies. */
  record Body(String parameter, String value) {}

  /** Something that happened to a resource. */
  record Event(String id, Instant at, String resource, String type, String status, String reason) {
    boolean failed() {
      return status.endsWith("_FAILED");
    }
  }

  /** A resource of a stack. */
  record Resource(String logical, String physical, String type, String status) {}

  private static String on(String stack) {
    return "stack " + stack;
  }

  private XmlNode call(String action, String stack, Map<String, String> parameters) {
    return service.call(action, parameters, on(stack));
  }

  /**
   * Looks at a stack.
   *
   * @param stack its name, or its id to find it after it was deleted
   */
  Optional<StackView> describe(String stack) {
    try {
      return call("DescribeStacks", stack, Map.of("StackName", stack))
          .all("DescribeStacksResult/Stacks/member")
          .stream()
          .map(StackView::of)
          .findFirst();
    } catch (BackendException e) {
      if (AwsRefusal.is(e, "ValidationError") && AwsRefusal.says(e, "does not exist")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns all stacks whose names start with a prefix. */
  List<StackView> list(String prefix) {
    List<StackView> all = new ArrayList<>();
    String next = "";
    do {
      Map<String, String> parameters = next.isEmpty() ? Map.of() : Map.of("NextToken", next);
      XmlNode answer = service.call("DescribeStacks", parameters, "all stacks");
      answer.all("DescribeStacksResult/Stacks/member").stream()
          .map(StackView::of)
          .filter(stack -> stack.name().startsWith(prefix))
          .forEach(all::add);
      next = answer.value("DescribeStacksResult/NextToken");
    } while (!next.isEmpty());
    return all;
  }

  /** Asks for a change set; {@code type} is {@code CREATE} or {@code UPDATE}. Returns its id. */
  String createChangeSet(
      String stack, StackTemplate template, Body body, String type, Map<String, String> tags) {
    Map<String, String> form = new TreeMap<>();
    form.put("StackName", stack);
    form.put("ChangeSetName", template.changeSet());
    form.put("ChangeSetType", type);
    form.put("ClientToken", token());
    form.put("Capabilities.member.1", "CAPABILITY_NAMED_IAM");
    form.put(body.parameter(), body.value());
    form.put("Parameters.member.1.ParameterKey", StackTemplate.CONTENT);
    form.put("Parameters.member.1.ParameterValue", template.content());
    int number = 0;
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      number++;
      form.put("Tags.member." + number + ".Key", tag.getKey());
      form.put("Tags.member." + number + ".Value", tag.getValue());
    }
    return call("CreateChangeSet", stack, form).value("CreateChangeSetResult/Id");
  }

  /** Looks at a change set, with all of its changes. */
  ChangeSetView describeChangeSet(String stack, String changeSet) {
    List<ChangeSetView.Item> items = new ArrayList<>();
    String next = "";
    XmlNode result;
    do {
      Map<String, String> form = new TreeMap<>();
      form.put("StackName", stack);
      form.put("ChangeSetName", changeSet);
      if (!next.isEmpty()) {
        form.put("NextToken", next);
      }
      result = call("DescribeChangeSet", stack, form).all("DescribeChangeSetResult").get(0);
      items.addAll(ChangeSetView.items(result));
      next = result.value("NextToken");
    } while (!next.isEmpty());
    return new ChangeSetView(
        result.value("ChangeSetId"),
        result.value("Status"),
        result.value("ExecutionStatus"),
        result.value("StatusReason"),
        items);
  }

  void execute(String stack, ChangeSetView changeSet) {
    call(
        "ExecuteChangeSet",
        stack,
        Map.of("StackName", stack, "ChangeSetName", changeSet.id(), "ClientRequestToken", token()));
  }

  /**
   * Returns what makes one call, sent again after a lost answer, be carried out once. Not made from
   * the content: the same content may come again, as after park and init.
   */
  private static String token() {
    return "yunpipe-" + UUID.randomUUID();
  }

  void deleteChangeSet(String stack, String changeSet) {
    call("DeleteChangeSet", stack, Map.of("StackName", stack, "ChangeSetName", changeSet));
  }

  /**
   * Begins to delete a stack.
   *
   * @param retain logical names of what stays; only allowed after a deletion failed
   */
  void delete(String stack, List<String> retain) {
    Map<String, String> form = new TreeMap<>();
    form.put("StackName", stack);
    for (int i = 0; i < retain.size(); i++) {
      form.put("RetainResources.member." + (i + 1), retain.get(i));
    }
    call("DeleteStack", stack, form);
  }

  void continueRollback(String stack) {
    call("ContinueUpdateRollback", stack, Map.of("StackName", stack));
  }

  /** Returns the template that the stack was last made from. */
  String template(String stack) {
    return call("GetTemplate", stack, Map.of("StackName", stack))
        .value("GetTemplateResult/TemplateBody");
  }

  /** Returns what happened since, newest first; one page, or as many as it takes. */
  List<Event> events(String stack, Instant since) {
    List<Event> events = new ArrayList<>();
    String next = "";
    do {
      Map<String, String> form = new TreeMap<>(Map.of("StackName", stack));
      if (!next.isEmpty()) {
        form.put("NextToken", next);
      }
      XmlNode answer = call("DescribeStackEvents", stack, form);
      next = answer.value("DescribeStackEventsResult/NextToken");
      for (XmlNode one : answer.all("DescribeStackEventsResult/StackEvents/member")) {
        Instant at = Instant.parse(one.value("Timestamp"));
        if (at.isBefore(since)) {
          return events;
        }
        events.add(
            new Event(
                one.value("EventId"),
                at,
                one.value("LogicalResourceId"),
                one.value("ResourceType"),
                one.value("ResourceStatus"),
                one.value("ResourceStatusReason")));
      }
    } while (!next.isEmpty());
    return events;
  }

  List<Resource> resources(String stack) {
    List<Resource> all = new ArrayList<>();
    String next = "";
    do {
      Map<String, String> form = new TreeMap<>(Map.of("StackName", stack));
      if (!next.isEmpty()) {
        form.put("NextToken", next);
      }
      XmlNode answer = call("ListStackResources", stack, form);
      for (XmlNode one : answer.all("ListStackResourcesResult/StackResourceSummaries/member")) {
        all.add(
            new Resource(
                one.value("LogicalResourceId"),
                one.value("PhysicalResourceId"),
                one.value("ResourceType"),
                one.value("ResourceStatus")));
      }
      next = answer.value("ListStackResourcesResult/NextToken");
    } while (!next.isEmpty());
    return all;
  }
}
