package io.yunpipe.aws.template;

import io.yunpipe.spi.StageNeeds;
import java.util.List;

/** Which machine types stages run on. */
public final class Machines {
  /** Most subnets that a stage has launch templates for. */
  public static final int MAX_SUBNETS = 3;

  private Machines() {}

  /**
   * Returns the name of a stage's launch template.
   *
   * @param subnet the subnet's number, from 1; of a name that is not there there are fewer
   */
  public static String template(StackNames names, String stage, int subnet) {
    return names.ofStage(stage) + (subnet == 1 ? "" : "_" + subnet);
  }

  /**
   * Returns the machine types for a stage, the best first: what the stage asks for, else what the
   * settings name, else the smallest that are large enough.
   */
  public static List<String> of(ComputeSpec compute, StageNeeds stage) {
    if (stage.instanceType() != null && !stage.instanceType().isBlank()) {
      return List.of(stage.instanceType());
    }
    return compute.instanceTypes().isEmpty()
        ? InstanceTypes.choose(stage.resources(), compute.architecture()).stream()
            .map(InstanceTypes.Type::name)
            .toList()
        : compute.instanceTypes();
  }
}
