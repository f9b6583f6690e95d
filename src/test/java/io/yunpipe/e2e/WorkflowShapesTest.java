package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.adding;
import static io.yunpipe.e2e.Local.files;
import static io.yunpipe.e2e.Local.pipeline;
import static io.yunpipe.e2e.Local.shell;
import static io.yunpipe.e2e.Local.shellBuilder;
import static io.yunpipe.e2e.Local.stage;
import static io.yunpipe.e2e.Local.succeed;
import static io.yunpipe.e2e.Local.tree;
import static io.yunpipe.e2e.Local.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.StageStatus;
import io.yunpipe.Workflow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowShapesTest {
  @TempDir Path temp;

  private Map<String, String> download(Run run) {
    run.download(temp.resolve("downloaded"));
    return tree(temp.resolve("downloaded"));
  }

  @Test
  void singleRun_mirrorsTheInputTree() throws Exception {
    write(temp.resolve("in/a.txt"), "a ");
    write(temp.resolve("in/plate 1/ä+b.txt"), "b ");
    write(temp.resolve("in/.hidden"), "not taken");
    Path store = temp.resolve("store");
    try (Pipeline pipeline = pipeline(store, Workflow.singleRun(adding("one")))) {
      Run run = pipeline.submit(temp.resolve("in"));
      RunStatus status = succeed(run);

      assertThat(stage(status, "one")).isEqualTo(new StageStatus("one", 0, 0, 2, 0, 2));
      Map<String, String> expected =
          Map.of("a.txt/out.txt", "a one ", "plate 1/ä+b.txt/out.txt", "b one ");
      assertThat(tree(store.resolve("results/" + run.id()))).isEqualTo(expected);
      assertThat(download(run)).isEqualTo(expected);
    }
  }

  @Test
  void sequenceRun_passesEachResultOn() throws Exception {
    files(temp.resolve("in"), 3);
    try (Pipeline pipeline =
        pipeline(
            temp.resolve("store"),
            Workflow.sequenceRun(List.of(adding("one"), adding("two"), adding("three"))))) {
      Run run = pipeline.submit(temp.resolve("in"));
      RunStatus status = succeed(run);

      assertThat(status.stages()).extracting(StageStatus::succeeded).containsExactly(3L, 3L, 3L);
      assertThat(download(run))
          .isEqualTo(
              Map.of(
                  "f00.txt/out.txt", "f00 one two three ",
                  "f01.txt/out.txt", "f01 one two three ",
                  "f02.txt/out.txt", "f02 one two three "));
    }
  }

  @Test
  void oneToAll_givesEveryInputToEveryAlgorithm() throws Exception {
    files(temp.resolve("in"), 2);
    try (Pipeline pipeline =
        pipeline(temp.resolve("store"), Workflow.oneToAll(List.of(adding("x"), adding("y"))))) {
      Run run = pipeline.submit(temp.resolve("in"));
      succeed(run);

      assertThat(download(run))
          .isEqualTo(
              Map.of(
                  "x/f00.txt/out.txt", "f00 x ",
                  "x/f01.txt/out.txt", "f01 x ",
                  "y/f00.txt/out.txt", "f00 y ",
                  "y/f01.txt/out.txt", "f01 y "));
    }
  }

  @Test
  void allToOne_gathersTheResultsOfAll() throws Exception {
    files(temp.resolve("in"), 2);
    try (Pipeline pipeline =
        pipeline(
            temp.resolve("store"),
            Workflow.allToOne(
                List.of(
                    adding("x"),
                    adding("y"),
                    shell(
                        "all",
                        "cd \"$1\" && find . -type f | sort | while read f; do echo \"$f: $(cat $f)\";"
                            + " done > \"$2/list\""))))) {
      Run run = pipeline.submit(temp.resolve("in"));
      RunStatus status = succeed(run);

      assertThat(stage(status, "all").total()).isEqualTo(1);
      assertThat(download(run))
          .isEqualTo(
              Map.of(
                  "list",
                  """
                  ./x/f00.txt/out.txt: f00 x\s
                  ./x/f01.txt/out.txt: f01 x\s
                  ./y/f00.txt/out.txt: f00 y\s
                  ./y/f01.txt/out.txt: f01 y\s
                  """));
    }
  }

  @Test
  void allToOne_ofOneAlgorithm_takesAllInputsAtOnce() throws Exception {
    write(temp.resolve("in/a/x"), "1");
    write(temp.resolve("in/b/x"), "2");
    try (Pipeline pipeline =
        pipeline(
            temp.resolve("store"),
            Workflow.allToOne(List.of(shell("all", "cat \"$1/a/x\" \"$1/b/x\" > \"$2/both\""))))) {
      Run run = pipeline.submit(temp.resolve("in"));
      succeed(run);

      assertThat(download(run)).isEqualTo(Map.of("both", "12"));
    }
  }

  @Test
  void select_takesOnlyMatchingOutputs_andSkipsJobsWithoutAny() throws Exception {
    files(temp.resolve("in"), 3);
    Workflow workflow =
        Workflow.of(
            List.of(
                Stage.builder(
                        shell(
                            "split",
                            "cp \"$1\" \"$2/picture.png\"; case \"$1\" in */f01*) ;;"
                                + " *) mkdir \"$2/t\"; echo table > \"$2/t/table.csv\";; esac"))
                    .keep(true)
                    .build(),
                Stage.builder(
                        shell("tables", "cp \"$1\" \"$2/copy\"; basename \"$1\" >> \"$2/copy\""))
                    .after("split")
                    .select("*.csv")
                    .build()));
    try (Pipeline pipeline = pipeline(temp.resolve("store"), workflow)) {
      Run run = pipeline.submit(temp.resolve("in"));
      RunStatus status = succeed(run);

      assertThat(stage(status, "split").succeeded()).isEqualTo(3);
      assertThat(stage(status, "tables")).isEqualTo(new StageStatus("tables", 0, 0, 2, 0, 2));
      assertThat(download(run))
          .containsOnlyKeys(
              "split/f00.txt/picture.png",
              "split/f00.txt/t/table.csv",
              "split/f01.txt/picture.png",
              "split/f02.txt/picture.png",
              "split/f02.txt/t/table.csv",
              "tables/f00.txt/copy",
              "tables/f02.txt/copy")
          .containsEntry("tables/f00.txt/copy", "table\ntable.csv\n");
    }
  }

  @Test
  void scatter_makesAJobOfEachOutput_andGatherTakesThemBack() throws Exception {
    write(temp.resolve("in/a.txt"), "1 2 3");
    write(temp.resolve("in/b.txt"), "4");
    Workflow workflow =
        Workflow.of(
            List.of(
                Stage.builder(
                        shell("split", "for n in $(cat \"$1\"); do echo $n > \"$2/p$n\"; done"))
                    .build(),
                Stage.builder(shell("square", "n=$(cat \"$1\"); echo $((n * n)) > \"$2/sq\""))
                    .after("split")
                    .scatter()
                    .keep(true)
                    .build(),
                Stage.builder(
                        shell(
                            "sum", "cat $(find \"$1\" -name sq | sort) | paste -sd+ > \"$2/sum\""))
                    .after("square")
                    .gather()
                    .build()));
    try (Pipeline pipeline = pipeline(temp.resolve("store"), workflow)) {
      Run run = pipeline.submit(temp.resolve("in"));
      RunStatus status = succeed(run);

      assertThat(status.stages()).extracting(StageStatus::succeeded).containsExactly(2L, 4L, 1L);
      assertThat(download(run))
          .isEqualTo(
              Map.of(
                  "square/a.txt/p1/sq", "1\n",
                  "square/a.txt/p2/sq", "4\n",
                  "square/a.txt/p3/sq", "9\n",
                  "square/b.txt/p4/sq", "16\n",
                  "sum/sum", "1+4+9+16\n"));
    }
  }

  @Test
  void matrix_runsEachCombinationOnEachInput() throws Exception {
    files(temp.resolve("in"), 2);
    Stage stage =
        Stage.builder(
                shellBuilder("vary", "echo $SIGMA $MODE > \"$2/out\"")
                    .variable("SIGMA", "0")
                    .variable("MODE", "none")
                    .build())
            .matrix("SIGMA", List.of("1", "2"))
            .matrix("MODE", List.of("soft", "hard"))
            .build();
    try (Pipeline pipeline = pipeline(temp.resolve("store"), Workflow.of(List.of(stage)))) {
      Run run = pipeline.submit(temp.resolve("in"));
      RunStatus status = succeed(run);

      assertThat(status.total()).isEqualTo(8);
      assertThat(download(run))
          .hasSize(8)
          .containsEntry("f00.txt/SIGMA=1,MODE=soft/out", "1 soft\n")
          .containsEntry("f01.txt/SIGMA=2,MODE=hard/out", "2 hard\n");
      assertThat(run.results())
          .anyMatch(result -> result.variables().equals(Map.of("SIGMA", "2", "MODE", "soft")));
    }
  }

  @Test
  void keep_showsAnInnerStageToo_andHidesTheLast() throws Exception {
    files(temp.resolve("in"), 1);
    Path store = temp.resolve("store");
    Workflow workflow =
        Workflow.of(
            List.of(
                Stage.builder(adding("inner")).keep(true).build(),
                Stage.builder(adding("last")).after("inner").keep(false).build()));
    try (Pipeline pipeline = pipeline(store, workflow)) {
      Run run = pipeline.submit(temp.resolve("in"));
      succeed(run);

      assertThat(download(run)).isEqualTo(Map.of("f00.txt/out.txt", "f00 inner "));
      assertThat(tree(store.resolve("results/" + run.id())))
          .isEqualTo(Map.of("f00.txt/out.txt", "f00 inner "));
    }
  }

  @Test
  void twoInputsOfOneBaseName_inDifferentFolders_stayApart() throws Exception {
    write(temp.resolve("in/a/x.txt"), "a ");
    write(temp.resolve("in/b/x.txt"), "b ");
    try (Pipeline pipeline = pipeline(temp.resolve("store"), Workflow.singleRun(adding("one")))) {
      Run run = pipeline.submit(temp.resolve("in"));
      succeed(run);

      assertThat(download(run))
          .isEqualTo(Map.of("a/x.txt/out.txt", "a one ", "b/x.txt/out.txt", "b one "));
    }
  }
}
