package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.adding;
import static io.yunpipe.e2e.Local.files;
import static io.yunpipe.e2e.Local.finish;
import static io.yunpipe.e2e.Local.pipeline;
import static io.yunpipe.e2e.Local.shell;
import static io.yunpipe.e2e.Local.stage;
import static io.yunpipe.e2e.Local.succeed;
import static io.yunpipe.e2e.Local.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.Failure;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.StageStatus;
import io.yunpipe.Workflow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinTest {
  private static final Algorithm BOTH =
      shell("both", "cat \"$1/left/out.txt\" \"$1/right/out.txt\" > \"$2/both\"");

  @TempDir Path temp;

  private Pipeline diamond(Algorithm left) {
    return pipeline(
        temp.resolve("store"),
        Workflow.of(
            List.of(
                Stage.builder(adding("first")).build(),
                Stage.builder("left", left).after("first").build(),
                Stage.builder(adding("right")).after("first").build(),
                Stage.builder(BOTH).after("left").after("right").join().build(),
                Stage.builder(shell("end", "(cat \"$1\"; printf end) > \"$2/end\""))
                    .after("both")
                    .build())));
  }

  @Test
  void join_takesBothBranchesOfEachInput() throws Exception {
    try (Pipeline pipeline = diamond(adding("left"))) {
      Run run = pipeline.submit(files(temp.resolve("in"), 3));
      RunStatus status = succeed(run);

      assertThat(status.stages()).extracting(StageStatus::succeeded).containsOnly(3L);
      run.download(temp.resolve("out"));
      assertThat(tree(temp.resolve("out")))
          .isEqualTo(
              Map.of(
                  "f00.txt/end", "f00 first left f00 first right end",
                  "f01.txt/end", "f01 first left f01 first right end",
                  "f02.txt/end", "f02 first left f02 first right end"));
    }
  }

  @Test
  void join_oneBranchFailsOnOneInput_joinsTheOthers() throws Exception {
    Algorithm left =
        shell(
            "left",
            "grep -q f01 \"$1\" && { echo cannot >&2; exit 4; };"
                + " (cat \"$1\"; printf 'left ') > \"$2/out.txt\"");
    try (Pipeline pipeline = diamond(left)) {
      Run run = pipeline.submit(files(temp.resolve("in"), 3));
      RunStatus status = finish(run);

      assertThat(status.state()).isEqualTo(RunState.FAILED);
      assertThat(stage(status, "left")).isEqualTo(new StageStatus("left", 0, 0, 2, 1, 3));
      assertThat(stage(status, "right").succeeded()).isEqualTo(3);
      assertThat(stage(status, "both")).isEqualTo(new StageStatus("both", 0, 0, 2, 0, 2));
      assertThat(run.failed())
          .singleElement()
          .returns("f01.txt", Failure::input)
          .returns("left", Failure::stage)
          .returns(4, Failure::exitCode)
          .satisfies(failure -> assertThat(failure.reason()).contains("code 4", "cannot"));
      run.download(temp.resolve("out"));
      assertThat(tree(temp.resolve("out"))).containsOnlyKeys("f00.txt/end", "f02.txt/end");
    }
  }
}
