package io.yunpipe.aws.template;

import io.yunpipe.Resources;
import io.yunpipe.aws.template.ComputeSpec.Architecture;
import io.yunpipe.spi.StageNeeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** AWS Batch: an environment, a queue, and a job definition per stage. */
final class BatchParts {
  /** Cores that Batch accepts at most. */
  private static final long MOST_CORES = 1_000_000;

  /** Attempts of a worker whose machine is taken away. */
  private static final int ATTEMPTS = 5;

  /** MiB that a job gets for each core if it does not say. */
  private static final long USUAL_MIB = 2048;

  private final StackSpec spec;
  private final ComputeSpec compute;
  private final Network network;
  private final RoleNames roles;

  BatchParts(StackSpec spec, Network network, RoleNames roles) {
    this.spec = spec;
    this.compute = spec.compute();
    this.network = network;
    this.roles = roles;
  }

  void addTo(Parts parts) {
    // What cannot be changed in place is in the name, so that the new one can be made first.
    String id = LogicalId.of("Environment", compute.capacity() + "-" + compute.architecture());
    if (compute.machines()) {
      machineTemplate(parts);
    }
    parts.add(
        id,
        "AWS::Batch::ComputeEnvironment",
        Values.map(
            "ComputeEnvironmentName",
            spec.names().stack()
                + "_"
                + (compute.capacity() + "-" + compute.architecture())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-'),
            "Type",
            "MANAGED",
            "State",
            state(),
            // The role that Batch makes for itself in each account.
            "ServiceRole",
            spec.account()
                .globalArn(
                    "iam", "role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"),
            "ReplaceComputeEnvironment",
            false,
            "ComputeResources",
            resources()));
    parts.add(
        "JobQueue",
        "AWS::Batch::JobQueue",
        Values.map(
            "JobQueueName", spec.names().stack(),
            "Priority", 1,
            "State", state(),
            "ComputeEnvironmentOrder",
                List.of(Values.map("Order", 1, "ComputeEnvironment", Values.ref(id)))));
    spec.stages().forEach(stage -> definition(parts, stage));
  }

  private String state() {
    return spec.parked() ? "DISABLED" : "ENABLED";
  }

  private Map<String, Object> resources() {
    Map<String, Object> all =
        Values.map(
            "Type", compute.capacity().name(),
            "MaxvCpus", mostCores(),
            "Subnets", network.subnets(),
            "SecurityGroupIds", network.groups());
    if (compute.machines()) {
      all.put("MinvCpus", 0);
      all.put("InstanceTypes", types());
      all.put("InstanceRole", roles.profileArn(Permissions.INSTANCE));
      all.put(
          "AllocationStrategy",
          compute.reclaimable() ? "SPOT_PRICE_CAPACITY_OPTIMIZED" : "BEST_FIT_PROGRESSIVE");
      all.put("UpdateToLatestImageVersion", true);
      all.put(
          "Ec2Configuration",
          List.of(Values.map("ImageType", gpus() ? "ECS_AL2023_NVIDIA" : "ECS_AL2023")));
      all.put(
          "LaunchTemplate",
          Values.map(
              "LaunchTemplateId", Values.ref("Machine"),
              "Version", Values.attribute("Machine", "LatestVersionNumber")));
      // Machines do not take the environment's tags.
      all.put("Tags", Tags.of(spec));
    }
    return all;
  }

  private void machineTemplate(Parts parts) {
    parts.add(
        "Machine",
        "AWS::EC2::LaunchTemplate",
        Values.map(
            "LaunchTemplateName", spec.names().stack() + "_-machine",
            "TagSpecifications", MachineParts.tags("launch-template", parts),
            "LaunchTemplateData",
                Values.map(
                    "MetadataOptions",
                    MachineParts.METADATA,
                    "BlockDeviceMappings",
                    MachineParts.disk("/dev/xvda", disk()))));
  }

  /** The largest stage's, twice: two jobs of it on a machine, and the images. */
  private int disk() {
    long most =
        spec.stages().stream().mapToLong(stage -> stage.resources().scratchMib()).max().orElse(0);
    return (int) Math.min(16_000, 50 + 2 * ((most + 1023) / 1024));
  }

  private boolean gpus() {
    return spec.stages().stream().anyMatch(stage -> stage.resources().gpus() > 0);
  }

  private List<String> types() {
    TreeSet<String> all = new TreeSet<>();
    spec.stages().forEach(stage -> all.addAll(Machines.of(compute, stage)));
    return List.copyOf(all);
  }

  /** All stages' workers at once. */
  private long mostCores() {
    long units =
        spec.stages().stream()
            .mapToLong(
                stage ->
                    compute.machines()
                        ? (long) Math.ceil(stage.resources().cpus()) * 1024
                        : FargateSize.of(stage.resources()).orElseThrow().cpuUnits())
            .sum();
    return Math.max(1, Math.min(MOST_CORES, (units * compute.maxWorkers() + 1023) / 1024));
  }

  private void definition(Parts parts, StageNeeds stage) {
    boolean fargate = !compute.machines();
    Map<String, Object> container =
        Values.map(
            "Image", spec.image(stage),
            "RepositoryCredentials", spec.credentials(stage),
            "Environment", Values.pairs("Name", "Value", WorkerEnvironment.ofWorker(spec, stage)),
            "JobRoleArn", roles.arn(Permissions.JOB),
            "ExecutionRoleArn", roles.arn(Permissions.EXECUTION),
            "LinuxParameters", Values.map("InitProcessEnabled", true),
            "LogConfiguration",
                Values.map("LogDriver", "awslogs", "Options", EcsParts.logOptions(spec, stage)),
            "Privileged", fargate ? null : false,
            "ReadonlyRootFilesystem", false,
            "ResourceRequirements", requirements(stage.resources()));
    if (fargate) {
      container.put(
          "NetworkConfiguration",
          Values.map("AssignPublicIp", compute.publicIp() ? "ENABLED" : "DISABLED"));
      container.put("FargatePlatformConfiguration", Values.map("PlatformVersion", "LATEST"));
      container.put("RuntimePlatform", platform(compute.architecture()));
      int disk = FargateSize.disk(stage.resources());
      if (disk > 0) {
        container.put("EphemeralStorage", Values.map("SizeInGiB", disk));
      }
    }
    parts.add(
        LogicalId.of("Jobs", stage.name()),
        "AWS::Batch::JobDefinition",
        Values.map(
            "JobDefinitionName", spec.names().ofStage(stage.name()),
            "Type", "container",
            "PlatformCapabilities", List.of(fargate ? "FARGATE" : "EC2"),
            "PropagateTags", true,
            "Timeout", Values.map("AttemptDurationSeconds", compute.maxLife().toSeconds()),
            "RetryStrategy", retries(),
            "ContainerProperties", container));
  }

  /** Only what is not the worker's fault is tried again; a worker's own end is final. */
  private static Map<String, Object> retries() {
    return Values.map(
        "Attempts",
        ATTEMPTS,
        "EvaluateOnExit",
        List.of(
            Values.map("OnStatusReason", "Host EC2*", "Action", "RETRY"),
            Values.map("OnStatusReason", "Your Spot Task was interrupted*", "Action", "RETRY"),
            Values.map("OnReason", "*", "Action", "EXIT")));
  }

  static Map<String, Object> platform(Architecture architecture) {
    return Values.map("CpuArchitecture", architecture.name(), "OperatingSystemFamily", "LINUX");
  }

  private List<Object> requirements(Resources needs) {
    List<Object> all = new ArrayList<>();
    if (compute.machines()) {
      long cores = (long) Math.ceil(needs.cpus());
      long mib = needs.memoryMib() > 0 ? needs.memoryMib() : usualMib(needs);
      all.add(Values.map("Type", "VCPU", "Value", Long.toString(cores)));
      all.add(Values.map("Type", "MEMORY", "Value", Long.toString(mib)));
      if (needs.gpus() > 0) {
        all.add(Values.map("Type", "GPU", "Value", Integer.toString(needs.gpus())));
      }
    } else {
      FargateSize size = FargateSize.of(needs).orElseThrow();
      all.add(Values.map("Type", "VCPU", "Value", size.cores()));
      all.add(Values.map("Type", "MEMORY", "Value", Integer.toString(size.memoryMib())));
    }
    return all;
  }

  /** What the smallest machines have for each core, less what the system takes. */
  private static long usualMib(Resources needs) {
    return (long) (Math.ceil(needs.cpus()) * USUAL_MIB * 3 / 4);
  }
}
