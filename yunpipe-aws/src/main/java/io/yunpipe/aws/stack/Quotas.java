package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.http.JsonService;
import io.yunpipe.aws.template.Account;
import io.yunpipe.aws.template.ComputeSpec;
import java.util.OptionalDouble;

/** Compares what is wanted with what the account may have. Only warns: quotas can be raised. */
final class Quotas {
  /** What the router and its retries need; new accounts have 10 in all. */
  private static final int ROUTERS = 10;

  private final JsonService calls;

  Quotas(Cloud cloud) {
    this.calls = cloud.json("Service Quotas", "servicequotas", "ServiceQuotasV20190624");
  }

  private record Quota(String service, String code, String words) {}

  void check(Blueprint blueprint, Account account, SetUpListener listener) {
    ComputeSpec compute = blueprint.compute();
    double cores =
        blueprint.stages().stream().mapToDouble(stage -> stage.resources().cpus()).max().orElse(0)
            * compute.maxWorkers();
    Quota capacity =
        switch (compute.capacity()) {
          case FARGATE -> new Quota("fargate", "L-3032A538", "Fargate vCPUs");
          case FARGATE_SPOT -> new Quota("fargate", "L-36FBB829", "Fargate Spot vCPUs");
          case EC2 -> new Quota("ec2", "L-1216C47A", "vCPUs of usual machines");
          case SPOT -> new Quota("ec2", "L-34B43A08", "vCPUs of usual Spot machines");
        };
    warn(capacity, cores, "yunpipe.aws.max-workers workers of a stage take", account, listener);
    warn(
        new Quota("lambda", "L-B99A9384", "concurrent runs of Lambda functions"),
        ROUTERS,
        "routers may take",
        account,
        listener);
  }

  private void warn(
      Quota quota, double wanted, String why, Account account, SetUpListener listener) {
    try {
      OptionalDouble allowed = value(quota);
      if (allowed.isPresent() && allowed.getAsDouble() < wanted) {
        listener.step(
            "Warning: account %s may have %.0f %s in %s, and %s %.0f; work will wait. Ask for more under Service Quotas, %s"
                .formatted(
                    account.id(),
                    allowed.getAsDouble(),
                    quota.words(),
                    account.region(),
                    why,
                    wanted,
                    quota.code()));
      }
    } catch (BackendException e) {
      listener.step("Could not look at the quota of " + quota.words() + ": " + e.getMessage());
    }
  }

  private OptionalDouble value(Quota quota) {
    String value =
        calls
            .call(
                "GetServiceQuota",
                "quota " + quota.service() + " " + quota.code(),
                json -> {
                  json.writeStringField("ServiceCode", quota.service());
                  json.writeStringField("QuotaCode", quota.code());
                })
            .object("Quota")
            .text("Value");
    return value.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(value));
  }
}
