package io.yunpipe.e2e.badinput;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.yunpipe.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line as a process of its own whom permission bits bind, even where tests run as root.
 */
final class Bound {
  private static final List<String> WITHOUT_PRIVILEGE =
      List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search");

  private Bound() {}

  /**
   * Runs a command.
   *
   * @param folder takes what the process says, and its working folder
   */
  static Cli cli(Path folder, Object... words) throws IOException, InterruptedException {
    List<String> prefix = binding(folder);
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    for (Object word : words) {
      command.add(word.toString());
    }
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    int code =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    return new Cli(code, Files.readString(out), Files.readString(err));
  }

  /**
   * Returns what must come before a command so that permission bits bind it; skips if nothing does.
   */
  private static List<String> binding(Path folder) throws IOException, InterruptedException {
    Path shut = Files.createTempFile(folder, "shut", ".txt");
    Files.setPosixFilePermissions(shut, java.util.Set.of());
    if (!Files.isReadable(shut)) {
      return List.of();
    }
    List<String> probe = new ArrayList<>(List.of("sh", "-c", "setpriv \"$1\" cat \"$2\"", "probe"));
    probe.add(WITHOUT_PRIVILEGE.get(1));
    probe.add(shut.toString());
    Process process =
        new ProcessBuilder(probe)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    process.waitFor();
    assumeTrue(
        said.contains("Permission denied"),
        "this user may read every file, and setpriv cannot change that here: " + said.strip());
    return WITHOUT_PRIVILEGE;
  }
}
