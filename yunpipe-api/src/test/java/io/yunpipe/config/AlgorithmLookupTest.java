package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AlgorithmLookupTest extends PipelineFiles {
  @Nested
  class Lookup {
    @Test
    void algorithms_besideTheWorkflow_comeBeforeThoseOfTheUser() throws IOException {
      Path home = folder.resolve("home");
      for (String place : List.of("", "algorithms/", "home/.yunpipe/algorithms/")) {
        for (String name : List.of("a", "b", "c")) {
          boolean there =
              place.isEmpty() ? name.equals("a") : !place.startsWith("algo") || !name.equals("c");
          if (there) {
            write(
                place + name + ".json",
                "{\"name\": \"" + name + "\", \"run_command\": \"" + place + "x\"}");
          }
        }
      }
      write(
          "home/.cloud_pipe/algorithms/d_info.json", "{\"name\": \"d\", \"run_command\": \"old\"}");
      Path file = write("p.conf", "process { type = sequence_run, algorithms = [a, b, c, d] }");
      assertThat(Golden.load(file, home).definition().workflow().stages())
          .extracting(stage -> stage.algorithm().argv().get(0))
          .containsExactly("x", "algorithms/x", "home/.yunpipe/algorithms/x", "old");
    }

    @Test
    void algorithm_inItsOwnFile_isReadInOurWordsToo() throws IOException {
      write("algorithms/a.conf", "command = \"java A.java $input\"\ntimeout = 5s");
      Algorithm algorithm =
          stages("process { type = single_run, algorithms = [a] }").get(0).algorithm();
      assertThat(algorithm.timeout()).contains(Duration.ofSeconds(5));
      assertThat(algorithm.baseFolder()).isEqualTo(folder.resolve("algorithms"));
    }

    @Test
    void problems_inThatFile_areReportedWithItsNameAndLine() throws IOException {
      Path wrong = write("algorithms/a.conf", "name = b\ncommand = ls\ntimeout = 5");
      Path file = write("p.conf", "process { type = sequence_run, algorithms = [a, a] }\nfoo = 1");
      assertThatThrownBy(() -> Golden.load(file))
          .hasMessage(
              "Configuration "
                  + file
                  + " has 3 problems:"
                  + "\n  - "
                  + wrong
                  + ":1: name: expected a, as the algorithm is called here, but found b"
                  + "\n  - "
                  + wrong
                  + ":3: timeout: expected a duration such as 30s, 5m or 2h, but found \"5\""
                  + "\n  - "
                  + file
                  + ":2: unknown key 'foo'");
    }

    @Test
    void name_thatIsAPath_isNotFollowed() throws IOException {
      write("secret.conf", "command = ls");
      Files.createDirectories(folder.resolve("sub"));
      Path file =
          write("sub/p.conf", "process { type = single_run, algorithms = [\"../secret\"] }");
      assertThatThrownBy(() -> Golden.load(file))
          .hasMessageContaining("no algorithm is named '../secret'");
    }
  }
}
