package io.yunpipe.aws.template;

import com.fasterxml.jackson.databind.JsonNode;
import io.yunpipe.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What CloudFormation and IAM accept at most; they say so only after minutes of work. */
final class TemplateLimits {
  /** Bytes of a template that is part of a call. */
  static final int INLINE_BYTES = 51_200;

  static final int BYTES = 1 << 20;
  static final int RESOURCES = 500;
  static final int OUTPUTS = 200;
  static final int PARAMETERS = 200;

  /** Characters of all inline policies of a role, blanks not counted. */
  static final int INLINE_POLICIES = 10_240;

  static final int MANAGED_POLICY = 6_144;
  static final int TRUST_POLICY = 2_048;

  /** Bytes of a bucket's policy. */
  static final int BUCKET_POLICY = 20 << 10;

  private static final Pattern LOGICAL_ID = Pattern.compile("[A-Za-z0-9]{1,255}");

  private TemplateLimits() {}

  static void check(Template template) {
    JsonNode tree = template.tree();
    List<String> problems = new ArrayList<>();
    String fewer = "; give the pipeline fewer stages, or make two pipelines of it";
    most(problems, "the template in bytes", template.bytes(), BYTES, fewer);
    most(problems, "resources", tree.path("Resources").size(), RESOURCES, fewer);
    most(problems, "outputs", tree.path("Outputs").size(), OUTPUTS, "");
    most(problems, "parameters", tree.path("Parameters").size(), PARAMETERS, "");
    for (Map.Entry<String, JsonNode> resource : tree.path("Resources").properties()) {
      if (!LOGICAL_ID.matcher(resource.getKey()).matches()) {
        problems.add("logical id " + resource.getKey() + " may have letters and digits only");
      }
      policies(problems, resource.getKey(), resource.getValue());
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException("of the stack: AWS would refuse its template", problems);
    }
  }

  private static void policies(List<String> problems, String id, JsonNode resource) {
    JsonNode properties = resource.path("Properties");
    switch (resource.path("Type").asText()) {
      case "AWS::IAM::Role" -> {
        int all = 0;
        for (JsonNode policy : properties.path("Policies")) {
          all += length(policy.path("PolicyDocument"));
        }
        most(problems, "characters of policies of role " + id, all, INLINE_POLICIES, "");
        JsonNode trust = properties.path("AssumeRolePolicyDocument");
        most(problems, "characters of trust of role " + id, length(trust), TRUST_POLICY, "");
      }
      case "AWS::IAM::ManagedPolicy" ->
          most(
              problems,
              "characters of policy " + id,
              length(properties.path("PolicyDocument")),
              MANAGED_POLICY,
              "");
      case "AWS::S3::BucketPolicy" ->
          most(
              problems,
              "characters of policy " + id,
              length(properties.path("PolicyDocument")),
              BUCKET_POLICY,
              "");
      default -> {
        // Others are far from their limits.
      }
    }
  }

  private static int length(JsonNode policy) {
    return policy.toString().replaceAll("\\s", "").length();
  }

  private static void most(
      List<String> problems, String what, int found, int allowed, String remedy) {
    if (found > allowed) {
      problems.add(what + ": " + found + ", at most " + allowed + " are allowed" + remedy);
    }
  }
}
