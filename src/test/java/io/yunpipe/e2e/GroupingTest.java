package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.pipeline;
import static io.yunpipe.e2e.Local.shell;
import static io.yunpipe.e2e.Local.succeed;
import static io.yunpipe.e2e.Local.tree;
import static io.yunpipe.e2e.Local.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.Workflow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupingTest {
  @TempDir Path temp;

  private Pipeline grouping(String regex, int size) {
    return pipeline(
        temp.resolve("store"),
        Workflow.of(
            List.of(
                Stage.builder(shell("pair", "cat $(find \"$1\" -type f | sort) > \"$2/pair\""))
                    .groupBy(regex, size)
                    .build())));
  }

  private Map<String, String> run(Pipeline pipeline, long jobs) throws InterruptedException {
    Run run = pipeline.submit(temp.resolve("in"));
    RunStatus status = succeed(run);
    assertThat(status.total()).isEqualTo(jobs);
    run.download(temp.resolve("out"));
    return tree(temp.resolve("out"));
  }

  @Test
  void readPairs_ofSizeTwo_makeOneJobEach() throws Exception {
    for (String sample : List.of("s1", "s2", "s3")) {
      write(temp.resolve("in/" + sample + "_R1.fastq"), sample + "-1;");
      write(temp.resolve("in/" + sample + "_R2.fastq"), sample + "-2;");
    }
    try (Pipeline pipeline = grouping("(.*)_R[12]\\.fastq", 2)) {
      assertThat(run(pipeline, 3))
          .isEqualTo(
              Map.of(
                  "s1/pair", "s1-1;s1-2;",
                  "s2/pair", "s2-1;s2-2;",
                  "s3/pair", "s3-1;s3-2;"));
    }
  }

  @Test
  void channels_ofAnySize_areCompleteWhenAllInputsAreKnown() throws Exception {
    write(temp.resolve("in/w1-c1.png"), "1");
    write(temp.resolve("in/w1-c2.png"), "2");
    write(temp.resolve("in/w1-c3.png"), "3");
    write(temp.resolve("in/w2-c1.png"), "4");
    try (Pipeline pipeline = grouping("(w\\d+)-c\\d\\.png", 0)) {
      assertThat(run(pipeline, 2)).isEqualTo(Map.of("w1/pair", "123", "w2/pair", "4"));
    }
  }
}
