package io.yunpipe.aws.template;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A template that grows: resources with their tags, parameters and outputs. */
final class Parts {
  /** Types that have no tags. */
  private static final Set<String> WITHOUT_TAGS =
      Set.of(
          "AWS::S3::BucketPolicy",
          "AWS::SQS::QueuePolicy",
          "AWS::SNS::TopicPolicy",
          "AWS::SNS::Subscription",
          "AWS::ECS::ClusterCapacityProviderAssociations",
          "AWS::Lambda::Version",
          "AWS::Lambda::Alias",
          "AWS::Scheduler::Schedule",
          "AWS::IAM::InstanceProfile",
          "AWS::IAM::ManagedPolicy",
          "AWS::EC2::LaunchTemplate");

  /** Types whose tags are a map and no list. */
  private static final Set<String> WITH_TAG_MAP =
      Set.of("AWS::Batch::ComputeEnvironment", "AWS::Batch::JobQueue", "AWS::Batch::JobDefinition");

  /** Types that would be replaced if their tags changed, and whose names are taken. */
  private static final Set<String> WITH_FIXED_TAGS =
      Set.of("AWS::Batch::ComputeEnvironment", "AWS::Batch::JobQueue");

  private final String description;
  private final Map<String, String> tags;
  private final Map<String, Object> resources = new TreeMap<>();
  private final Map<String, Object> outputs = new TreeMap<>();
  private final Map<String, Object> parameters = new TreeMap<>();

  Parts(String description, Map<String, String> tags) {
    this.description = description;
    this.tags = new TreeMap<>(tags);
  }

  /** Adds a resource. */
  void add(String id, String type, Map<String, Object> properties) {
    add(id, type, properties, null);
  }

  /** Adds a resource with more than properties, such as what it depends on. */
  void add(
      String id,
      String type,
      Map<String, Object> properties,
      @Nullable Map<String, Object> attributes) {
    Map<String, Object> all = new TreeMap<>(properties);
    if (!WITHOUT_TAGS.contains(type)) {
      all.put("Tags", WITH_TAG_MAP.contains(type) ? tagMap(type) : tagList());
    }
    Map<String, Object> resource = Values.map("Type", type, "Properties", all);
    if (attributes != null) {
      resource.putAll(attributes);
    }
    if (resources.put(id, resource) != null) {
      throw new IllegalStateException("Two resources are named " + id);
    }
  }

  /**
   * Adds a resource with data, which stays when the stack goes. If the stack could not even be made
   * it goes, or its name would be taken when that is tried again.
   */
  void addKept(String id, String type, Map<String, Object> properties, List<String> after) {
    add(
        id,
        type,
        properties,
        Values.map(
            "DeletionPolicy", "RetainExceptOnCreate",
            "UpdateReplacePolicy", "Retain",
            "DependsOn", after.isEmpty() ? null : after));
  }

  /** Adds a role. */
  void addRole(Role role, String boundary) {
    add(
        role.logicalId(),
        "AWS::IAM::Role",
        Values.map(
            "RoleName",
            role.name(),
            "Description",
            role.description(),
            "AssumeRolePolicyDocument",
            Statement.policy(List.of(role.trust())),
            "ManagedPolicyArns",
            role.managed().isEmpty() ? null : role.managed(),
            "PermissionsBoundary",
            boundary.isEmpty() ? null : boundary,
            "Policies",
            role.statements().isEmpty()
                ? null
                : List.of(
                    Values.map(
                        "PolicyName", role.purpose(),
                        "PolicyDocument", Statement.policy(role.statements())))));
    if (role.ofMachines()) {
      add(
          role.logicalId() + "Profile",
          "AWS::IAM::InstanceProfile",
          Values.map(
              "InstanceProfileName", role.name(), "Roles", List.of(Values.ref(role.logicalId()))));
    }
  }

  private Map<String, String> tagMap(String type) {
    Map<String, String> all = new TreeMap<>(tags);
    if (WITH_FIXED_TAGS.contains(type)) {
      all.keySet().retainAll(Tags.OURS);
    }
    return all;
  }

  List<Object> tagList() {
    return tags.entrySet().stream()
        .<Object>map(tag -> Values.map("Key", tag.getKey(), "Value", tag.getValue()))
        .toList();
  }

  void output(String name, String description, Object value) {
    outputs.put(name, Values.map("Description", description, "Value", value));
  }

  void parameter(String name, String type, String description) {
    parameters.put(name, Values.map("Type", type, "Description", description));
  }

  Template template() {
    return Template.of(
        Values.map(
            "AWSTemplateFormatVersion",
            "2010-09-09",
            "Description",
            description,
            "Parameters",
            parameters.isEmpty() ? null : parameters,
            "Resources",
            resources,
            "Outputs",
            outputs.isEmpty() ? null : outputs));
  }
}
