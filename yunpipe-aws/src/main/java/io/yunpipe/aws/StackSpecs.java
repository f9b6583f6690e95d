package io.yunpipe.aws;

import io.yunpipe.ConfigurationException;
import io.yunpipe.aws.template.Account;
import io.yunpipe.aws.template.ComputeSpec;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.aws.template.StackSpec;
import io.yunpipe.spi.StageNeeds;
import java.util.List;
import java.util.Set;

/** Specifications of stacks, from settings and what the account has. */
final class StackSpecs {
  private StackSpecs() {}

  /**
   * Sees that the settings have a stack.
   *
   * @param what what there is not without one
   * @throws ConfigurationException if they have none
   */
  static void needStack(AwsSettings settings, String what) {
    if (!settings.compute().ofStack()) {
      throw new ConfigurationException(
          "of the backend aws",
          List.of(
              "yunpipe.aws.compute: without a stack there "
                  + what
                  + "; expected batch, ecs or ec2-ssm"));
    }
  }

  /**
   * Where workers have their addresses.
   *
   * @param vpc the network; empty: not known
   * @param subnets its subnets; empty in a template that is only printed
   * @param publicIp whether they need public addresses
   */
  record Network(String vpc, List<String> subnets, boolean publicIp) {
    /** Returns what the settings say, where nobody can be asked. */
    static Network of(AwsSettings settings) {
      List<String> subnets = settings.cloud().subnets();
      return new Network("", subnets, settings.cloud().publicIp().orElse(subnets.isEmpty()));
    }
  }

  /**
   * Makes the specification of a pipeline's stack. Touches no network.
   *
   * @throws IllegalArgumentException if the settings start no workers on AWS
   */
  static StackSpec of(
      AwsSettings settings,
      String pipeline,
      List<StageNeeds> stages,
      Account account,
      Network network,
      StackSpec.RouterProgram program,
      boolean parked) {
    StackNames names = new StackNames(settings.queuePrefix(), pipeline);
    boolean owned = settings.bucket().isEmpty();
    CloudSettings cloud = settings.cloud();
    return new StackSpec(
        names,
        account,
        new StackSpec.Bucket(
            owned ? names.bucket(account) : settings.bucket(), settings.prefix(), owned),
        settings.lease(),
        settings.maxReceives(),
        compute(settings, network),
        stages,
        program,
        Set.copyOf(cloud.mails()),
        Set.copyOf(cloud.labs()),
        cloud.logDays(),
        cloud.createRoles(),
        cloud.permissionsBoundary(),
        cloud.tags(),
        parked);
  }

  static ComputeSpec compute(AwsSettings settings, Network network) {
    CloudSettings cloud = settings.cloud();
    return new ComputeSpec(
        engine(settings.compute()),
        cloud.capacity(),
        cloud.architecture(),
        cloud.maxWorkers(),
        cloud.instanceTypes(),
        network.vpc(),
        network.subnets(),
        cloud.securityGroups(),
        network.publicIp(),
        cloud.ami(),
        cloud.maxLife(),
        cloud.workerImage(),
        cloud.registrySecret());
  }

  private static ComputeSpec.Engine engine(AwsSettings.Workers compute) {
    return switch (compute) {
      case BATCH -> ComputeSpec.Engine.BATCH;
      case ECS -> ComputeSpec.Engine.ECS;
      case EC2_SSM -> ComputeSpec.Engine.EC2_SSM;
      case THREADS, EXTERNAL ->
          throw new IllegalArgumentException(
              "with yunpipe.aws.compute = "
                  + compute.name().toLowerCase(java.util.Locale.ROOT)
                  + " there is no stack; a template needs batch, ecs or ec2-ssm");
    };
  }
}
