package io.yunpipe.e2e.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the start of a worker loads. A container pays for it each time. */
@Timeout(60)
class StartTest {
  @TempDir Path temp;

  @Test
  void warmUp_runsAJobInMemory_andLoadsNothingThatAWorkerDoesNotNeed() throws Exception {
    Path classes = temp.resolve("classes");
    try (WorkerProgram worker =
        WorkerProgram.start(
            temp.resolve("log"),
            Map.of(),
            List.of("-Xlog:class+load:file=" + classes),
            List.of("--warm-up"))) {
      assertThat(worker.await(30)).as(worker.text()).isZero();
      assertThat(worker.text()).isEmpty();
    }
    try (Stream<String> lines = Files.lines(classes)) {
      assertThat(lines.map(line -> line.replaceFirst(".*\\] ", "")).toList())
          .as("it has run a job")
          .anyMatch(name -> name.startsWith("io.yunpipe.runner.CommandRun "))
          .as("costly and needless")
          .noneMatch(name -> name.startsWith("com.typesafe."))
          .noneMatch(name -> name.startsWith("java.util.logging."))
          .noneMatch(name -> name.startsWith("java.lang.management."))
          .noneMatch(name -> name.startsWith("java.net.http."))
          .noneMatch(name -> name.startsWith("picocli."));
    }
  }

  @Test
  void argument_thatIsNone_isRefused() throws Exception {
    try (WorkerProgram worker =
        WorkerProgram.start(temp.resolve("log"), Map.of(), List.of(), List.of("--help"))) {
      assertThat(worker.await(30)).as(worker.text()).isEqualTo(64);
      assertThat(worker.text()).contains("A worker takes no arguments but --warm-up");
    }
  }
}
