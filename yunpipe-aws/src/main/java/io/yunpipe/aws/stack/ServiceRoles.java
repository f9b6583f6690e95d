package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.template.ComputeSpec;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Roles that services make for themselves, once in an account. An account that never used AWS Batch
 * lacks its role, and a stack that names it cannot be made.
 */
final class ServiceRoles {
  static final String IAM_VERSION = "2010-05-08";

  private final QueryService iam;

  ServiceRoles(QueryService iam) {
    this.iam = iam;
  }

  /** Sees to it that the roles are there which workers of this kind need. */
  void ensure(ComputeSpec compute, SetUpListener listener) {
    for (String service : services(compute)) {
      try {
        iam.call(
            "CreateServiceLinkedRole",
            Map.of("AWSServiceName", service),
            "the role that " + service + " has for itself");
        listener.step("Made the role that " + service + " has for itself in this account");
      } catch (BackendException e) {
        if (AwsRefusal.is(e, "AccessDenied")) {
          // Who may not make it cannot look for it either; most accounts have it.
          listener.step("Going on, since the account may have it already: " + e.getMessage());
        } else if (!AwsRefusal.says(e, "has been taken")
            && !AwsRefusal.is(e, "EntityAlreadyExists")) {
          throw e;
        }
      }
    }
  }

  private static List<String> services(ComputeSpec compute) {
    List<String> services = new ArrayList<>();
    if (compute.engine() == Engine.BATCH) {
      services.add("batch.amazonaws.com");
    }
    if (compute.engine() == Engine.ECS) {
      services.add("ecs.amazonaws.com");
    }
    if (compute.capacity() == Capacity.SPOT) {
      services.add("spot.amazonaws.com");
    }
    return services;
  }
}
