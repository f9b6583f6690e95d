package io.yunpipe.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.testkit.emulator.Registry;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A shell runs the commands of docs/wrap.md, line by line, with another registry's name. */
@Tag("docker")
@Timeout(300)
class WrapDocumentTest {
  private static final String PYTHON = "yunpipe-test/python:1";
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(.*?)^```$");

  @TempDir Path folder;

  private Path work;
  private String document = "";

  /** What a command ended with. */
  private record Said(int code, String out, String err) {}

  @BeforeEach
  void makeFolder() throws IOException {
    work = Files.createDirectory(folder.resolve("work"));
    Path images = Files.createDirectory(work.resolve("images"));
    for (String name : List.of("cell", "nucleus")) {
      BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
      ImageIO.write(image, "png", images.resolve(name + ".png").toFile());
    }
    Path yunpipe = folder.resolve("bin/yunpipe");
    Files.createDirectories(yunpipe.getParent());
    Files.writeString(
        yunpipe,
        """
        #!/bin/sh
        exec '%s/bin/java' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Duser.home='%s' -jar '%s' "$@"
        """
            .formatted(
                System.getProperty("java.home"),
                LayerFolder.into(Files.createDirectory(folder.resolve("home"))),
                Path.of(System.getProperty("yunpipe.all.jar", "")).toAbsolutePath()));
    assertThat(yunpipe.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void commands_ofTheDocument_leadFromAnImageToSharedResults() throws Exception {
    try (Docker docker = Docker.with(folder, PYTHON);
        Registry registry = Registry.start(folder)) {
      Path file = Path.of(System.getProperty("yunpipe.root", ""), "docs", "wrap.md");
      document = Files.readString(file).replace("registry.example.org", registry.host());
      String image = registry.host() + "/lab/sizes:1";
      docker.run("tag", PYTHON, docker.made(image));
      docker.run("push", image);

      describes();
      String first = docker.made(wraps(registry.host() + "/lab/measure@sha256:"));
      tries();
      runs();
      sharesAndGets();
      wrapsAnew(docker, image, first);
      LayerFolder.keep(folder.resolve("home"));
    }
  }

  private void describes() throws Exception {
    String questions = blocks("## 1. Describe it").get(1);
    List<String> prompts = new ArrayList<>();
    StringBuilder answers = new StringBuilder();
    for (String line : questions.lines().toList()) {
      int end = line.indexOf(": ", line.indexOf(')') + 1);
      prompts.add(end < 0 ? line + " " : line.substring(0, end + 2));
      answers.append(end < 0 ? "" : line.substring(end + 2)).append('\n');
    }
    Said said = runsWell(commands("## 1. Describe it").get(0), answers + "\n");
    assertThat(said.err()).containsSubsequence(prompts);
    assertThat(kept()).exists();
  }

  private String wraps(String name) throws Exception {
    Said said = runsWell(commands("## 2. Wrap it").get(0), "");
    assertThat(said.out().strip()).startsWith(name);
    assertThat(kept())
        .content()
        .contains(said.out().strip())
        .contains("\"version\" : \"1\"", "/lab/sizes:1@sha256:");
    return said.out().strip();
  }

  private void tries() throws Exception {
    Said said = runsWell(commands("## 3. Try it").get(0), "");
    assertThat(said.out()).contains("measured 1 on metric scale");
  }

  private void runs() throws Exception {
    runsWell(commands("## 4. Run it").get(0), "");
    for (String name : List.of("cell.png", "nucleus.png")) {
      assertThat(work.resolve("results").resolve(name).resolve("measured.json"))
          .content()
          .contains("\"width\": 40, \"height\": 30");
    }
  }

  private void sharesAndGets() throws Exception {
    List<String> commands = commands("## 5. Share it");
    assertThat(runsWell(commands.get(0), "").out()).isEqualTo("measure:1\n");
    Files.writeString(work.resolve("yunpipe.conf"), "yunpipe.catalogue = shared\n");
    assertThat(runsWell(commands.get(1), "").out()).contains("measure  1        A. Lab  ");
    assertThat(runsWell(commands.get(2), "").out())
        .isEqualTo(kept() + "\n" + folder.resolve("home/.yunpipe/tests/measure/cell.png") + "\n");
  }

  private void wrapsAnew(Docker docker, String image, String first) throws Exception {
    docker.derive(image, PYTHON, "ENV SCALE=imperial", "CMD [\"/data/in\", \"/data/out\"]");
    docker.run("push", image);
    String pipeline = "name = old, algorithms { measure { image = \"" + first + "\" } }\n";
    Files.writeString(work.resolve("old.conf"), pipeline);
    List<String> commands = commands("## When the base changes");
    String second = docker.made(runsWell(commands.get(0), "").out().strip());
    assertThat(second).isNotEqualTo(first);
    assertThat(runsWell(commands.get(1), "").out()).isEqualTo("measure:2\n");
    assertThat(runsWell(commands.get(2), "").err()).contains("Nothing is deployed.");
    assertThat(runsWell("yunpipe algorithms show measure --history", "").out())
        .contains(first, second);
    Said outdated = says("yunpipe outdated old.conf measure", "");
    assertThat(outdated.code()).as(outdated.err()).isEqualTo(1);
    assertThat(outdated.out()).contains("1 (sha256:", "2 (sha256:", "outdated", "newest");
    assertThat(runsWell("yunpipe try measure images/cell.png", "").out())
        .contains("measured 1 on imperial scale");
  }

  private Path kept() {
    return folder.resolve("home/.yunpipe/algorithms/measure.json");
  }

  /** Returns the blocks of a section, without their fences. */
  private List<String> blocks(String heading) {
    int start = document.indexOf(heading + "\n");
    assertThat(start).as(heading).isNotNegative();
    int end = document.indexOf("\n## ", start);
    return BLOCK
        .matcher(document.substring(start, end < 0 ? document.length() : end))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private List<String> commands(String heading) {
    return blocks(heading).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("yunpipe "))
        .toList();
  }

  private Said runsWell(String command, String answers) throws Exception {
    Said said = says(command, answers);
    assertThat(said.code()).as("%s: %s %s", command, said.out(), said.err()).isZero();
    return said;
  }

  private Said says(String command, String answers) throws Exception {
    File in = Files.writeString(folder.resolve("in"), answers).toFile();
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", command)
            .directory(work.toFile())
            .redirectInput(in)
            .redirectOutput(out)
            .redirectError(err);
    shell.environment().merge("PATH", folder + "/bin", (path, bin) -> bin + ":" + path);
    shell.environment().put("YUNPIPE_LOCAL_DIRECTORY", folder.resolve("store").toString());
    shell.environment().put("YUNPIPE_LOCAL_FSYNC", "false");
    Process process = shell.start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(command + " did not end: " + Files.readString(err.toPath()));
    }
    return new Said(
        process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
  }
}
