package io.yunpipe.aws.template;

import io.yunpipe.spi.StageNeeds;
import java.util.List;

/** Which machine types stages run on. */
public final class Machines {
  private Machines() {}

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
