package io.yunpipe.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** Roles of a template for a person to read: who takes each, and what it may do. */
final class RolesText {
  private final StringBuilder text = new StringBuilder();

  private RolesText() {}

  /**
   * Returns all roles of a template.
   *
   * @param template CloudFormation's, in JSON
   */
  static String of(String template) {
    RolesText roles = new RolesText();
    for (JsonNode resource : read(template).path("Resources")) {
      if (resource.path("Type").asText().equals("AWS::IAM::Role")) {
        roles.role(resource.path("Properties"));
      }
    }
    return roles.text.toString();
  }

  private static JsonNode read(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Could not read the template", e);
    }
  }

  private void role(JsonNode role) {
    line("Role " + role.path("RoleName").asText());
    line("  " + role.path("Description").asText());
    for (JsonNode trust : role.path("AssumeRolePolicyDocument").path("Statement")) {
      for (JsonNode who : trust.path("Principal")) {
        line("  taken by " + words(who));
      }
      conditions(trust);
    }
    for (JsonNode policy : role.path("ManagedPolicyArns")) {
      line("  has " + policy.asText());
    }
    JsonNode boundary = role.path("PermissionsBoundary");
    if (!boundary.isMissingNode()) {
      line("  never more than " + boundary.asText());
    }
    for (JsonNode policy : role.path("Policies")) {
      policy.path("PolicyDocument").path("Statement").forEach(this::statement);
    }
    text.append('\n');
  }

  private void statement(JsonNode statement) {
    String effect = statement.path("Effect").asText().equals("Deny") ? "may not " : "may ";
    line("  " + effect + words(statement.path("Action")));
    List<String> resources = all(statement.path("Resource"));
    resources.forEach(resource -> line("    on " + resource));
    conditions(statement);
  }

  private void conditions(JsonNode statement) {
    statement
        .path("Condition")
        .properties()
        .forEach(
            operator ->
                operator
                    .getValue()
                    .properties()
                    .forEach(
                        key ->
                            line(
                                "    if "
                                    + key.getKey()
                                    + " "
                                    + operator.getKey()
                                    + " "
                                    + words(key.getValue()))));
  }

  private static String words(JsonNode value) {
    return String.join(", ", all(value));
  }

  private static List<String> all(JsonNode value) {
    List<String> all = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(one -> all.add(one.asText()));
    } else if (value.isValueNode()) {
      all.add(value.asText());
    } else if (!value.isMissingNode()) {
      all.add(value.toString());
    }
    return all;
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
