package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.files;
import static io.yunpipe.e2e.Local.finish;
import static io.yunpipe.e2e.Local.pipeline;
import static io.yunpipe.e2e.Local.shell;
import static io.yunpipe.e2e.Local.stage;
import static io.yunpipe.e2e.Local.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Failure;
import io.yunpipe.FailurePolicy;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.Workflow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four inputs, of which two fail before a gather. */
class GatherPolicyTest {
  @TempDir Path temp;

  private Run submit(Pipeline pipeline) {
    return pipeline.submit(files(temp.resolve("in"), 4));
  }

  private Pipeline pipelineWith(FailurePolicy policy) {
    return pipeline(
        temp.resolve("store"),
        Workflow.of(
            List.of(
                Stage.builder(
                        shell(
                            "work",
                            "case \"$1\" in */f01*|*/f03*) echo no luck >&2; exit 3;; esac;"
                                + " cat \"$1\" > \"$2/out\""))
                    .build(),
                Stage.builder(shell("all", "cat $(find \"$1\" -type f | sort) > \"$2/all\""))
                    .after("work")
                    .gather(policy)
                    .build())));
  }

  private void assertGathered(FailurePolicy policy) throws Exception {
    try (Pipeline pipeline = pipelineWith(policy)) {
      Run run = submit(pipeline);
      RunStatus status = finish(run);

      assertThat(status.state()).isEqualTo(RunState.FAILED);
      assertThat(stage(status, "work").failed()).isEqualTo(2);
      assertThat(stage(status, "all").succeeded()).isEqualTo(1);
      run.download(temp.resolve("out"));
      assertThat(tree(temp.resolve("out"))).isEqualTo(Map.of("all", "f00 f02 "));
    }
  }

  private void assertRefused(FailurePolicy policy, String... inMessage) throws Exception {
    try (Pipeline pipeline = pipelineWith(policy)) {
      Run run = submit(pipeline);
      RunStatus status = finish(run);

      assertThat(status.state()).isEqualTo(RunState.FAILED);
      assertThat(stage(status, "work").succeeded()).isEqualTo(2);
      assertThat(stage(status, "all").failed()).isEqualTo(1);
      assertThat(run.failed())
          .filteredOn(failure -> failure.stage().equals("all"))
          .singleElement()
          .satisfies(
              failure -> assertThat(failure.reason()).contains("2 of 4").contains(inMessage));
      assertThat(run.download(temp.resolve("out"))).isZero();
    }
  }

  @Test
  void default_oneFailure_refusesTheGather() throws Exception {
    assertRefused(FailurePolicy.tolerate(0), "tolerate");
  }

  @Test
  void tolerateTwo_twoFailures_gathersTheRest() throws Exception {
    assertGathered(FailurePolicy.tolerate(2));
  }

  @Test
  void tolerateOne_twoFailures_refusesTheGather() throws Exception {
    assertRefused(FailurePolicy.tolerate(1), "1");
  }

  @Test
  void tolerateHalf_halfFailed_gathersTheRest() throws Exception {
    assertGathered(FailurePolicy.toleratePercent(50));
  }

  @Test
  void tolerateLessThanHalf_halfFailed_refusesTheGather() throws Exception {
    assertRefused(FailurePolicy.toleratePercent(49.9), "49.9");
  }

  @Test
  void bestEffort_someFailures_gathersTheRest() throws Exception {
    assertGathered(FailurePolicy.bestEffort());
  }

  @Test
  void bestEffort_nothingSucceeded_refusesTheGather() throws Exception {
    Workflow workflow =
        Workflow.of(
            List.of(
                Stage.builder(shell("work", "exit 1")).build(),
                Stage.builder(shell("all", "ls \"$1\" > \"$2/all\""))
                    .after("work")
                    .gather(FailurePolicy.bestEffort())
                    .build()));
    try (Pipeline pipeline = pipeline(temp.resolve("store"), workflow)) {
      Run run = submit(pipeline);
      RunStatus status = finish(run);

      assertThat(stage(status, "all").failed()).isEqualTo(1);
    }
  }

  @Test
  void failFast_firstFailure_stopsTheRun_andTellsWhy() throws Exception {
    Workflow workflow =
        Workflow.of(
            List.of(
                Stage.builder(
                        shell(
                            "work",
                            "case \"$1\" in */f01*) exit 3;; */f00*) cp \"$1\" \"$2\";; *) sleep 300;; esac"))
                    .build(),
                Stage.builder(shell("all", "ls \"$1\" > \"$2/all\""))
                    .after("work")
                    .gather(FailurePolicy.failFast())
                    .build()));
    try (Pipeline pipeline = pipeline(temp.resolve("store"), workflow)) {
      Run run = submit(pipeline);
      RunStatus status = finish(run);

      assertThat(status.state()).isEqualTo(RunState.FAILED);
      assertThat(status.reason().orElse("")).contains("work", "f01.txt", "code 3", "fail-fast");
      assertThat(run.failed()).extracting(Failure::input).containsExactly("f01.txt");
      assertThat(stage(status, "all").succeeded()).isZero();
    }
  }
}
