package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What needs more rights than a test may have: devices and a disk that is full. */
@Timeout(60)
class DiskTest {
  private static final String OBEY =
      "sh -c '. \"$1\"; cat \"$1\" >\"$2/copy\"' obey $input $output";

  @TempDir Path folder;

  private static String tryTo(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : "not permitted here: " + said.strip();
  }

  private static void run(Lab lab, String bad, String... reasonParts) throws Exception {
    Run run;
    try (Pipeline pipeline =
        lab.pipeline()
            .putSetting("yunpipe.local.cpus", "1")
            .stage(Algorithm.command("obey", OBEY))
            .build()) {
      run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 2, 1);
      assertThat(Lab.reasons(run).get(bad)).contains(reasonParts);
      assertThat(lab.download(run))
          .containsExactly(entry("a.sh/copy", ": fine\n"), entry("z.sh/copy", ": fine\n"));
    }
    lab.assertNothingLeftOver();
  }

  @Test
  void device_asAResult_isRefused() throws Exception {
    String problem = tryTo("mknod", folder.resolve("probe").toString(), "c", "1", "3");
    assumeTrue(problem.isEmpty(), problem);
    Lab lab = new Lab(folder);
    lab.input("a.sh", ": fine\n");
    lab.input("device.sh", "mknod \"$2/zero\" c 1 5\n");
    lab.input("z.sh", ": fine\n");
    run(lab, "device.sh", "refused output 'zero': it is a device. Only files can be results.");
  }

  @Test
  void disk_thatAJobFills_isSaidAndTheOthersGoOn() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    String problem = tryTo("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small.toString());
    assumeTrue(problem.isEmpty(), "mounting a small disk: " + problem);
    try {
      Lab lab = new Lab(small);
      lab.input("a.sh", ": fine\n");
      lab.input("greedy.sh", "head -c 99999999 /dev/zero >\"$2/big\" || exit 7\n");
      lab.input("z.sh", ": fine\n");
      run(lab, "greedy.sh", "exited with code 7", "; the disk is full at ", ": free space there");
    } finally {
      assertThat(tryTo("umount", small.toString())).isEmpty();
    }
  }
}
