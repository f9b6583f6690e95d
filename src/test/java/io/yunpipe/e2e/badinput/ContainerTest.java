package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Needs an engine and the image that YUNPIPE_TEST_IMAGE names: busybox alone is enough. */
@Tag("docker")
@Timeout(120)
class ContainerTest {
  private static final String IMAGE =
      Optional.ofNullable(System.getenv("YUNPIPE_TEST_IMAGE")).orElse("yunpipe-test/busybox:1");

  @TempDir Path folder;

  @BeforeAll
  static void requireEngine() throws Exception {
    String missing;
    try {
      Process inspect =
          new ProcessBuilder("docker", "image", "inspect", "--format", "{{.Id}}", IMAGE)
              .redirectErrorStream(true)
              .start();
      String said =
          new String(inspect.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      missing = inspect.waitFor() == 0 ? "" : said;
    } catch (IOException e) {
      missing = e.getMessage();
    }
    if (!missing.isEmpty()) {
      String reason = "needs docker and the image " + IMAGE + " (YUNPIPE_TEST_IMAGE): " + missing;
      if (String.valueOf(System.getenv("YUNPIPE_REQUIRE")).contains("docker")) {
        fail(reason);
      }
      abort(reason);
    }
  }

  @Test
  void commandContainerAndFunction_shareOnePath_andOneBadInputFailsAlone() throws Exception {
    Lab lab = new Lab(folder);
    lab.input("good.txt", "abc\n");
    lab.input("sub/it's + 100%.txt", "xyz\n");
    lab.input("bad.txt", "bad\n");
    Run run;
    try (Pipeline pipeline =
        lab.pipeline()
            .stage(Algorithm.command("copy", "cp $input $output"))
            .stage(
                Algorithm.image(
                    "upper",
                    IMAGE,
                    "sh -c 'grep -q bad \"$1\" && { echo spoilt >&2; exit 3; }; tr a-z A-Z <\"$1\""
                        + " >\"$2/out\"' upper $input $output"))
            .stage(
                Algorithm.function(
                    "count",
                    (in, out) -> {
                      String text = new String(in.bytes(), StandardCharsets.UTF_8).strip();
                      assertThat(text).isEqualTo(text.toUpperCase(Locale.ROOT));
                      out.write("n", (text + text.length()).getBytes(StandardCharsets.UTF_8));
                    }))
            .build()) {
      run = pipeline.submit(lab.inputs);
      assertThat(Lab.finish(run).failed()).isEqualTo(1);
      assertThat(Lab.reasons(run)).isEqualTo(Map.of("bad.txt", "exited with code 3: spoilt"));
      assertThat(lab.download(run))
          .isEqualTo(Map.of("good.txt/n", "ABC3", "sub/it's + 100%.txt/n", "XYZ3"));
    }
    lab.assertNothingLeftOver();
  }

  @Test
  void image_thatDoesNotExist_failsItsJobWithTheEnginesWords() throws Exception {
    Lab lab = new Lab(folder);
    lab.input("a", "1");
    try (Pipeline pipeline =
        lab.pipeline()
            .stage(Algorithm.image("lost", "127.0.0.1:9/no/such:1", "cp $input $output"))
            .build()) {
      Run run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 0, 1);
      assertThat(Lab.reasons(run).get("a"))
          .startsWith(
              "image '127.0.0.1:9/no/such:1' is not on this machine and could not be pulled: ")
          .endsWith("Check its name, pull it by hand, or build it here.");
    }
    lab.assertNothingLeftOver();
  }
}
