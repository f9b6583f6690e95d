package io.yunpipe.aws.template;

import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.spi.StageNeeds;
import java.util.List;
import java.util.Map;

/** ECS: a cluster, and a task definition per stage. */
final class EcsParts {
  /** The longest that Fargate waits after SIGTERM; the worker's own grace is shorter. */
  private static final int STOP_SECONDS = 120;

  private final StackSpec spec;
  private final RoleNames roles;

  EcsParts(StackSpec spec, RoleNames roles) {
    this.spec = spec;
    this.roles = roles;
  }

  void addTo(Parts parts) {
    String usual = spec.compute().capacity() == Capacity.FARGATE_SPOT ? "FARGATE_SPOT" : "FARGATE";
    parts.add("Cluster", "AWS::ECS::Cluster", Values.map("ClusterName", spec.names().stack()));
    parts.add(
        "ClusterCapacity",
        "AWS::ECS::ClusterCapacityProviderAssociations",
        Values.map(
            "Cluster", Values.ref("Cluster"),
            "CapacityProviders", List.of("FARGATE", "FARGATE_SPOT"),
            "DefaultCapacityProviderStrategy",
                List.of(Values.map("CapacityProvider", usual, "Weight", 1))));
    spec.stages().forEach(stage -> task(parts, stage));
  }

  private void task(Parts parts, StageNeeds stage) {
    FargateSize size = FargateSize.of(stage.resources()).orElseThrow();
    int disk = FargateSize.disk(stage.resources());
    parts.add(
        LogicalId.of("Task", stage.name()),
        "AWS::ECS::TaskDefinition",
        Values.map(
            "Family", spec.names().ofStage(stage.name()),
            "RequiresCompatibilities", List.of("FARGATE"),
            "NetworkMode", "awsvpc",
            "Cpu", Integer.toString(size.cpuUnits()),
            "Memory", Integer.toString(size.memoryMib()),
            "RuntimePlatform", BatchParts.platform(spec.compute().architecture()),
            "TaskRoleArn", roles.arn(Permissions.JOB),
            "ExecutionRoleArn", roles.arn(Permissions.EXECUTION),
            "EphemeralStorage", disk == 0 ? null : Values.map("SizeInGiB", disk),
            "ContainerDefinitions",
                List.of(
                    Values.map(
                        "Name",
                        "worker",
                        "Image",
                        spec.image(stage),
                        "RepositoryCredentials",
                        spec.credentials(stage),
                        "Essential",
                        true,
                        "Environment",
                        Values.pairs("Name", "Value", WorkerEnvironment.ofWorker(spec, stage)),
                        "LinuxParameters",
                        Values.map("InitProcessEnabled", true),
                        "Privileged",
                        false,
                        "ReadonlyRootFilesystem",
                        false,
                        "StopTimeout",
                        STOP_SECONDS,
                        "LogConfiguration",
                        Values.map("LogDriver", "awslogs", "Options", logOptions(spec, stage))))));
  }

  /** The worker's own lines; what jobs print is kept with their results. */
  static Map<String, Object> logOptions(StackSpec spec, StageNeeds stage) {
    return Values.map(
        "awslogs-group", Values.ref("LogGroup"),
        "awslogs-region", spec.account().region(),
        "awslogs-stream-prefix", stage.name(),
        // A slow log service must not hold up a worker.
        "max-buffer-size", "4m",
        "mode", "non-blocking");
  }
}
