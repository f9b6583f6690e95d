package io.yunpipe.aws.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.ConfigurationException;
import io.yunpipe.Resources;
import io.yunpipe.aws.template.ComputeSpec.Architecture;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.spi.StageNeeds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitTest {
  @ParameterizedTest
  @CsvSource({
    "0.1, 0, 256, 512",
    "0.25, 513, 256, 1024",
    "0.25, 1500, 256, 2048",
    "0.25, 2049, 512, 3072",
    "1, 0, 1024, 2048",
    "1, 2048, 1024, 2048",
    "1, 2049, 1024, 3072",
    "1, 8193, 2048, 9216",
    "3, 100, 4096, 8192",
    "8, 16385, 8192, 20480",
    "16, 122880, 16384, 122880"
  })
  void fargateSize_isTheSmallestThatFits(double cpus, long memory, int units, int mib) {
    assertThat(FargateSize.of(Resources.of(cpus, memory))).contains(new FargateSize(units, mib));
  }

  @Test
  void fargateSize_thatIsTooLarge_isNone() {
    assertThat(FargateSize.of(Resources.of(17, 0))).isEmpty();
    assertThat(FargateSize.of(Resources.of(1, 122_881))).isEmpty();
  }

  @Test
  void machines_areTheSmallestOfEachFamily() {
    assertThat(Machines.of(compute(Architecture.X86_64), stage(new Resources(2, 3000, 0, 0))))
        .startsWith("c7i.large", "m7i.large", "r7i.large")
        .hasSize(9);
    assertThat(Machines.of(compute(Architecture.ARM64), stage(new Resources(2, 30_000, 0, 0))))
        .startsWith("r7g.xlarge")
        .noneMatch(type -> type.startsWith("g5g"));
    assertThat(Machines.of(compute(Architecture.X86_64), stage(new Resources(4, 15_000, 0, 1))))
        .startsWith("g5.xlarge", "g6.xlarge");
  }

  @Test
  void machines_forOneGpu_areNotThoseOfEight() {
    List<String> types =
        Machines.of(compute(Architecture.X86_64), stage(new Resources(4, 15_000, 0, 1)));
    assertThat(types)
        .containsExactly(
            "g5.xlarge", "g6.xlarge", "g5.2xlarge", "g6.2xlarge", "g5.4xlarge", "g6.4xlarge");
    assertThat(Machines.of(compute(Architecture.X86_64), stage(new Resources(4, 15_000, 0, 8))))
        .contains("p4d.24xlarge", "p5.48xlarge");
  }

  @Test
  void machines_thatAStageAsksFor_areTaken() {
    StageNeeds asks = new StageNeeds("a", Specs.IMAGE, null, Resources.DEFAULT, null, "p3.2xlarge");
    assertThat(Machines.of(compute(Architecture.X86_64), asks)).containsExactly("p3.2xlarge");
  }

  private static ComputeSpec compute(Architecture architecture) {
    Specs specs = Specs.of(Engine.BATCH, Capacity.EC2);
    specs.architecture = architecture;
    return specs.spec().compute();
  }

  private static StageNeeds stage(Resources resources) {
    return Specs.stage("detect", resources);
  }

  @Test
  void stages_thatCannotRun_areAllTold() {
    Specs specs = Specs.of(Engine.BATCH, Capacity.FARGATE);
    specs.stages =
        List.of(
            stage(new Resources(1, 0, 0, 1)),
            stage(Resources.of(1, 200_000)),
            stage(new Resources(1, 0, 1_000_000, 0)),
            new StageNeeds("c", null, null, Resources.DEFAULT, null, null),
            new StageNeeds("f", null, "f", Resources.DEFAULT, null, null));
    assertThatThrownBy(() -> PipelineTemplate.of(specs.spec()))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "stage detect asks for a GPU, which Fargate does not have; set"
                            + " yunpipe.aws.capacity = ec2 or spot",
                        "stage detect asks for 1.0 cores, 200000 MiB, but Fargate has at most 16"
                            + " cores and 122880 MiB; set yunpipe.aws.capacity = ec2",
                        "stage detect asks for 1000000 MiB of scratch space, but Fargate has at"
                            + " most 195 GiB; set yunpipe.aws.capacity = ec2",
                        "stage c is a command without an image; give the algorithm an image that"
                            + " has the worker, or set yunpipe.aws.worker-image",
                        "stage f is a Java function, which runs in your program only; set compute"
                            + " = threads"));
  }

  @Test
  void engines_onCapacityTheyDoNotHave_areTold() {
    assertThatThrownBy(() -> PipelineTemplate.of(Specs.of(Engine.ECS, Capacity.EC2).spec()))
        .hasMessageContaining("with compute = ecs it must be fargate or fargate-spot");
    assertThatThrownBy(() -> PipelineTemplate.of(Specs.of(Engine.EC2_SSM, Capacity.FARGATE).spec()))
        .hasMessageContaining("with compute = ec2-ssm it must be ec2 or spot");
  }

  @Test
  void machines_ofTheOtherArchitecture_areTold() {
    Specs specs = Specs.of(Engine.EC2_SSM, Capacity.EC2);
    specs.types = List.of("c7g.large");
    assertThatThrownBy(() -> PipelineTemplate.of(specs.spec()))
        .hasMessageContaining(
            "stage detect is to run on c7g.large, which is arm64, but yunpipe.aws.architecture is"
                + " x86-64");
  }

  @Test
  void templates_thatAreTooLarge_areRefusedBeforeTheyAreSent() {
    Specs specs = Specs.of(Engine.BATCH, Capacity.FARGATE);
    specs.stages = Specs.stages(200);
    assertThatThrownBy(() -> PipelineTemplate.of(specs.spec()).check())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "resources: 626, at most 500 are allowed; give the pipeline fewer stages, or make two"
                + " pipelines of it");
  }
}
