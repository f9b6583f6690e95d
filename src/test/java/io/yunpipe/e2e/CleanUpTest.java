package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.adding;
import static io.yunpipe.e2e.Local.files;
import static io.yunpipe.e2e.Local.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.CleanUp;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanUpTest {
  @TempDir Path temp;

  private Pipeline pipeline(String name) {
    return Local.pipeline(temp.resolve("store")).name(name).stage(adding("one")).build();
  }

  private String run(Pipeline pipeline) throws InterruptedException {
    Run run = pipeline.submit(files(temp.resolve("in"), 2));
    succeed(run);
    return run.id();
  }

  @Test
  void keepData_removesQueues_andKeepsRuns() throws Exception {
    try (Pipeline pipeline = pipeline("mine")) {
      String run = run(pipeline);

      CleanUp done = pipeline.cleanUp(CleanUp.Mode.KEEP_DATA);

      assertThat(done.removed()).anyMatch(text -> text.contains("queues"));
      assertThat(done.kept()).singleElement().asString().contains(run, "KEEP_DATA");
      assertThat(temp.resolve("store/queues/mine")).doesNotExist();
    }
    try (Pipeline again = pipeline("mine")) {
      assertThat(again.runs()).hasSize(1);
      assertThat(again.attach(again.runs().get(0).runId()).download(temp.resolve("out")))
          .isEqualTo(2);
    }
  }

  @Test
  void empty_removesAllOfThisPipeline_andNothingOfAnother() throws Exception {
    try (Pipeline mine = pipeline("mine");
        Pipeline other = pipeline("other")) {
      String run = run(mine);
      String others = run(other);

      CleanUp done = mine.cleanUp(CleanUp.Mode.EMPTY);

      assertThat(done.removed()).anyMatch(text -> text.contains(run));
      assertThat(mine.runs()).isEmpty();
      try (Stream<Path> left = Files.walk(temp.resolve("store"))) {
        assertThat(left).noneMatch(path -> path.toString().contains(run));
      }
      assertThat(other.runs()).hasSize(1);
      assertThat(other.attach(others).download(temp.resolve("out"))).isEqualTo(2);
    }
  }
}
