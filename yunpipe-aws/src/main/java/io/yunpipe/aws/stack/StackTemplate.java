package io.yunpipe.aws.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.SetUp.Action;
import io.yunpipe.SetUp.Change;
import io.yunpipe.internal.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a stack shall be. A parameter that nothing refers to carries the fingerprint of what it is
 * made from, so that one look at the stack tells whether anything is to be done.
 *
 * @param json the template
 * @param content the fingerprint of what the template was made from
 */
record StackTemplate(String json, String content) {
  /** The name of the parameter. */
  static final String CONTENT = "YunpipeContent";

  /** What the fingerprint of a parked stack starts with. */
  static final String PARKED = "parked-";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Properties that name a resource. */
  private static final List<String> NAMES =
      List.of(
          "BucketName",
          "QueueName",
          "RoleName",
          "FunctionName",
          "TopicName",
          "LogGroupName",
          "JobQueueName",
          "JobDefinitionName",
          "ComputeEnvironmentName",
          "ClusterName",
          "RepositoryName",
          "LaunchTemplateName",
          "AlarmName",
          "Name",
          "Family");

  /** Returns a template whose fingerprint is that of its text. */
  static StackTemplate of(String json) {
    return new StackTemplate(json, fingerprint(json));
  }

  static String fingerprint(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 40);
  }

  /** Returns the template with the parameter, as it is sent. */
  String text() {
    ObjectNode tree = tree();
    ObjectNode parameters =
        tree.get("Parameters") instanceof ObjectNode there ? there : tree.putObject("Parameters");
    parameters.putObject(CONTENT).put("Type", "String");
    return tree.toString();
  }

  /** Returns a name for the change set that leads here; the same content has the same. */
  String changeSet() {
    return "yunpipe-" + fingerprint(content + "\n" + json);
  }

  /** Returns the changes that make a new stack. */
  List<Change> creation() {
    List<Change> changes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> resource : tree().path("Resources").properties()) {
      JsonNode value = resource.getValue();
      changes.add(
          new Change(
              Action.CREATE,
              value.path("Type").asText(),
              name(value.path("Properties"), resource.getKey()),
              ""));
    }
    return changes;
  }

  private static String name(JsonNode properties, String logical) {
    return NAMES.stream()
        .map(name -> properties.path(name).asText(""))
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse(logical);
  }

  /** Returns this with what starts work switched off. */
  StackTemplate parked() {
    ObjectNode tree = tree();
    for (JsonNode resource : tree.path("Resources")) {
      if (resource.path("Properties") instanceof ObjectNode properties) {
        String type = resource.path("Type").asText();
        if (STARTING.contains(type)) {
          properties.put("State", "DISABLED");
        } else if (type.equals("AWS::Lambda::EventSourceMapping")) {
          properties.put("Enabled", false); // Uploads wait in the queue.
        }
      }
    }
    if (tree.get("Parameters") instanceof ObjectNode parameters) {
      parameters.remove(CONTENT);
    }
    return new StackTemplate(tree.toString(), PARKED + content);
  }

  private static final Set<String> STARTING =
      Set.of("AWS::Scheduler::Schedule", "AWS::Events::Rule", "AWS::Batch::JobQueue");

  private ObjectNode tree() {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The template is no JSON", e);
    }
  }
}
