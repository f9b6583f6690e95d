package io.yunpipe.aws.template;

import java.time.Duration;
import java.util.List;

/**
 * Where workers live.
 *
 * @param engine who starts them
 * @param capacity on what
 * @param architecture for which processors
 * @param maxWorkers most workers of one stage at once, from 1
 * @param instanceTypes machine types to choose from; empty: chosen from what jobs need
 * @param vpc the network of the subnets; empty: the default network, or only printed
 * @param subnets subnets; empty in a template that is only printed
 * @param securityGroups security groups; empty: one of the stack's own, without ingress
 * @param publicIp whether workers get a public address, as subnets without a NAT gateway need it
 * @param ami SSM parameter that holds the image of machines; empty: Amazon Linux 2023's
 * @param maxLife longest life of a worker's machine
 * @param workerImage image for stages that have none of their own; empty: none
 * @param registrySecret ARN of the secret with which images of other registries than ECR are
 *     fetched; empty: none
 */
public record ComputeSpec(
    Engine engine,
    Capacity capacity,
    Architecture architecture,
    int maxWorkers,
    List<String> instanceTypes,
    String vpc,
    List<String> subnets,
    List<String> securityGroups,
    boolean publicIp,
    String ami,
    Duration maxLife,
    String workerImage,
    String registrySecret) {
  /** Creates one whose images need no secret. */
  public ComputeSpec(
      Engine engine,
      Capacity capacity,
      Architecture architecture,
      int maxWorkers,
      List<String> instanceTypes,
      String vpc,
      List<String> subnets,
      List<String> securityGroups,
      boolean publicIp,
      String ami,
      Duration maxLife,
      String workerImage) {
    this(
        engine,
        capacity,
        architecture,
        maxWorkers,
        instanceTypes,
        vpc,
        subnets,
        securityGroups,
        publicIp,
        ami,
        maxLife,
        workerImage,
        "");
  }

  /** Copies the lists. */
  public ComputeSpec {
    instanceTypes = List.copyOf(instanceTypes);
    subnets = List.copyOf(subnets);
    securityGroups = List.copyOf(securityGroups);
  }

  /** Returns whether workers run on machines of EC2. */
  public boolean machines() {
    return capacity == Capacity.EC2 || capacity == Capacity.SPOT;
  }

  /** Returns whether capacity is spare and may be reclaimed. */
  public boolean reclaimable() {
    return capacity == Capacity.SPOT || capacity == Capacity.FARGATE_SPOT;
  }

  /** Returns the SSM parameter that holds the image of machines. */
  public String image() {
    return ami.isEmpty()
        ? "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
            + (architecture == Architecture.ARM64 ? "arm64" : "x86_64")
        : ami;
  }

  /** Who starts workers. */
  public enum Engine {
    /** AWS Batch. */
    BATCH,
    /** ECS, task by task: the lowest start latency. */
    ECS,
    /** Machines of EC2 that start the worker themselves. */
    EC2_SSM
  }

  /** On what workers run. */
  public enum Capacity {
    /** Fargate: no machines. */
    FARGATE,
    /** Fargate with spare capacity, which may be reclaimed. */
    FARGATE_SPOT,
    /** Machines of EC2. */
    EC2,
    /** Machines of EC2 with spare capacity. */
    SPOT
  }

  /** Kinds of processors. */
  public enum Architecture {
    /** Intel's and AMD's. */
    X86_64,
    /** AWS's own. */
    ARM64
  }
}
