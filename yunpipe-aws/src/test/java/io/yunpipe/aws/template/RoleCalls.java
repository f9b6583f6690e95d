package io.yunpipe.aws.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.aws.template.PolicyEvaluator.Call;
import io.yunpipe.internal.Keys;

/** The roles of the pipeline of {@link Specs}, and calls of theirs. */
final class RoleCalls {
  static final String RUN = "20261122-091500-3fa2c1";
  static final String BUCKET = "arn:aws:s3:::yunpipe-edges-123456789012-eu-west-1";
  static final Keys KEYS = new Keys(RUN, 1);

  private RoleCalls() {}

  /** Returns who has a role, calling our own bucket or none. */
  static PolicyEvaluator role(Specs specs, String role) {
    JsonNode policy = json(Permissions.policies(specs.spec()).get(role));
    JsonNode bucket =
        PipelineTemplate.of(specs.spec())
            .tree()
            .at("/Resources/BucketPolicy/Properties/PolicyDocument");
    return bucket.isMissingNode()
        ? new PolicyEvaluator(policy)
        : new PolicyEvaluator(policy, bucket);
  }

  static PolicyEvaluator role(String role) {
    return role(Specs.of(Engine.BATCH, Capacity.FARGATE), role);
  }

  static Call s3(String action, String key, String role) {
    return Call.of("s3:" + action, BUCKET + "/" + key)
        .with("s3:ObjectCreationOperation", "true")
        .with("aws:PrincipalArn", Specs.NAMES.roleArn(Specs.ACCOUNT, role));
  }

  static Call once(String key, String role) {
    return s3("PutObject", key, role).with("s3:if-none-match", "*");
  }

  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
