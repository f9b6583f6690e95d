package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Set-up, limits and costs where nothing is set up and nothing is charged. */
class CostCommandsTest {
  @TempDir private Path folder;
  private Lab lab;

  @BeforeEach
  void prepare() throws IOException {
    lab = new Lab(folder);
    lab.workflow("cp $input $output/");
    lab.input("a.txt");
  }

  @Test
  void init_ofTheLocalBackend_needsNoQuestionAndCanBeRepeated() {
    for (int i = 0; i < 2; i++) {
      Cli init = lab.run("init", lab.workflow);
      assertThat(init.code()).as(init.err()).isZero();
      assertThat(init.err()).isEqualTo("Pipeline picky is ready.\n");
    }
    assertThat(lab.run("init", "--preview", lab.workflow).out())
        .isEqualTo("Nothing has to be set up.\n");
    assertThat(lab.run("init", "--preview", "--json", lab.workflow).out())
        .contains("\"changes\" : [ ]");
    assertThat(lab.run("park", lab.workflow).code()).isZero();
  }

  @Test
  void cost_whereNothingIsCharged_saysSo() {
    Cli run = lab.run("run", lab.workflow, lab.inputs);
    assertThat(run.code()).as(run.err()).isZero();
    Cli cost = lab.run("cost", Lab.runIn(run.err()));
    assertThat(cost.code()).as(cost.err()).isZero();
    assertThat(cost.out()).isEqualTo("Nothing is charged here.\n");
    assertThat(lab.run("plan", lab.workflow, lab.inputs).out()).doesNotContain("USD");
  }

  @Test
  void deadline_thatPasses_cancelsTheRunOfAWaitingProgram() throws IOException {
    lab.workflow("sleep 60");
    Cli run = lab.run("run", "--deadline", "1s", lab.workflow, lab.inputs);
    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains("was cancelled: its deadline passed");
  }

  @Test
  void terms_thatCannotBe_areRefusedBeforeAnythingStarts() {
    assertThat(lab.run("run", "--deadline", "soon", lab.workflow, lab.inputs).err())
        .contains("Nothing was submitted")
        .contains("soon");
    assertThat(lab.run("run", "--instance-type", "blur=c7i.large", lab.workflow, lab.inputs).err())
        .contains("stage 'blur', which is not one of copy");
    assertThat(lab.run("runs").out()).doesNotContain("running");
  }
}
