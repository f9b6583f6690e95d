package io.yunpipe.aws.template;

import io.yunpipe.ConfigurationException;
import io.yunpipe.Resources;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.spi.StageNeeds;
import java.util.ArrayList;
import java.util.List;

/** Says which stages could never run where they are to. */
final class Fit {
  private final StackSpec spec;
  private final List<String> problems = new ArrayList<>();

  private Fit(StackSpec spec) {
    this.spec = spec;
  }

  /**
   * Checks the stages.
   *
   * @throws ConfigurationException with all that cannot run
   */
  static void check(StackSpec spec) {
    Fit fit = new Fit(spec);
    fit.engine();
    spec.stages().forEach(fit::stage);
    if (!fit.problems.isEmpty()) {
      throw new ConfigurationException("of the backend aws", fit.problems);
    }
  }

  private void engine() {
    ComputeSpec compute = spec.compute();
    if (compute.engine() == Engine.ECS && compute.machines()) {
      problems.add(
          "yunpipe.aws.capacity: with compute = ecs it must be fargate or fargate-spot; for machines"
              + " of EC2 set compute = batch or ec2-ssm");
    }
    if (compute.engine() == Engine.EC2_SSM && !compute.machines()) {
      problems.add("yunpipe.aws.capacity: with compute = ec2-ssm it must be ec2 or spot");
    }
  }

  private void stage(StageNeeds stage) {
    if (stage.function() != null) {
      problem(stage, "is a Java function, which runs in your program only; set compute = threads");
      return;
    }
    boolean container = spec.compute().engine() != Engine.EC2_SSM;
    if (container && spec.image(stage) == null) {
      problem(
          stage,
          "is a command without an image; give the algorithm an image that has the worker, or set"
              + " yunpipe.aws.worker-image");
    }
    if (spec.compute().machines()) {
      onMachines(stage);
    } else if (container) {
      onFargate(stage);
    }
  }

  private void onMachines(StageNeeds stage) {
    List<String> types = Machines.of(spec.compute(), stage);
    if (types.isEmpty()) {
      problem(
          stage,
          "asks for "
              + words(stage.resources())
              + ", and no machine type that yunpipe knows for this architecture is large enough;"
              + " name one with yunpipe.aws.instance-types");
    }
    for (String type : types) {
      if (spec.compute().engine() == Engine.EC2_SSM && !type.contains(".")) {
        problem(stage, "needs a whole machine type such as c7i.large, but found " + type);
      }
      InstanceTypes.find(type)
          .filter(known -> known.architecture() != spec.compute().architecture())
          .ifPresent(
              known ->
                  problem(
                      stage,
                      "is to run on "
                          + type
                          + ", which is "
                          + word(known.architecture())
                          + ", but yunpipe.aws.architecture is "
                          + word(spec.compute().architecture())));
    }
  }

  private void onFargate(StageNeeds stage) {
    Resources needs = stage.resources();
    if (needs.gpus() > 0) {
      problem(
          stage,
          "asks for a GPU, which Fargate does not have; set yunpipe.aws.capacity = ec2 or spot");
    } else if (FargateSize.of(needs).isEmpty()) {
      problem(
          stage,
          "asks for "
              + words(needs)
              + ", but Fargate has at most 16 cores and 122880 MiB; set yunpipe.aws.capacity = ec2");
    }
    if (FargateSize.disk(needs) > FargateSize.MOST_DISK) {
      problem(
          stage,
          "asks for "
              + needs.scratchMib()
              + " MiB of scratch space, but Fargate has at most 195 GiB; set yunpipe.aws.capacity ="
              + " ec2");
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private static String words(Resources needs) {
    return needs.cpus()
        + " cores, "
        + needs.memoryMib()
        + " MiB"
        + (needs.gpus() == 0 ? "" : " and " + needs.gpus() + " GPUs");
  }

  private void problem(StageNeeds stage, String what) {
    problems.add("stage " + stage.name() + " " + what);
  }
}
