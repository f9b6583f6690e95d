package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.Port;
import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Staging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlgorithmFileTest {
  @TempDir Path folder;

  @Test
  void write_ofTheManualsExample_saysTheSame() {
    Description read = AlgorithmFile.describe(Golden.file("change123-s3.json"));
    assertThat(AlgorithmFile.json(read))
        .isEqualTo(
            """
            {
              "container_name" : "wangyx2005/change123",
              "system" : "ubuntu",
              "input_file_path" : "/",
              "output_file_path" : "/",
              "executable_path" : "/change123",
              "run_command" : "sh /change123.sh $input $output",
              "name" : "change123-s3",
              "instance_type" : "",
              "memory" : {
                "minimal" : 50,
                "suggested" : 128
              },
              "CPU" : 1,
              "user_specified_environment_variables" : [ {
                "name" : "TEST_ENV",
                "required" : true
              } ],
              "port" : [ {
                "port" : 9090,
                "protocol" : "tcp"
              } ],
              "output" : "file"
            }
            """);
  }

  @Test
  void write_ofEverything_isReadBack() throws IOException {
    Files.writeString(folder.resolve("A.java"), "");
    Algorithm algorithm =
        Algorithm.builder("all")
            .image("x:1.10")
            .argv(List.of("java", "A.java", "it's", "two words", "", "$input", "a\"b\\c"))
            .variable("A", "1.10")
            .requiredVariable("B")
            .addPort(new Port(53, "udp"))
            .resources(new Resources(1.5, 300, 20, 2))
            .retry(new RetryPolicy(3, Duration.ofMillis(1500), Duration.ofHours(1), 2))
            .timeout(Duration.ofSeconds(90))
            .successCodes(Set.of(0, 2))
            .network(true)
            .outputMode(OutputMode.FILE)
            .inputPath("/in")
            .outputPath("/out")
            .executablePath("/bin/x")
            .instanceType("c7i.large")
            .addStaging(Staging.text("a", "b\n"))
            .addStaging(Staging.file("c", folder.resolve("A.java")))
            .addStaging(Staging.folder("d"))
            .stdin("a")
            .stdout("o")
            .stderr("e")
            .zipped("r.png", ".png")
            .baseFolder(folder)
            .build();
    Path file = folder.resolve("deep/er/all.json");
    AlgorithmFile.write(algorithm, file);
    assertThat(AlgorithmFile.read(file)).usingRecursiveComparison().isEqualTo(algorithm);
    try (var files = Files.list(file.getParent())) {
      assertThat(files).as("no draft is left").containsExactly(file);
    }
  }

  @Test
  void command_ofAnyTokens_isSplitBackIntoThem() {
    Random random = new Random(3);
    String signs = "ab '\"\\$\n\t#;é";
    for (int i = 0; i < 2_000; i++) {
      List<String> tokens =
          random
              .ints(1 + random.nextInt(4), 0, 6)
              .mapToObj(
                  length ->
                      random
                          .ints(length, 0, signs.length())
                          .collect(
                              StringBuilder::new,
                              (text, at) -> text.append(signs.charAt(at)),
                              StringBuilder::append)
                          .toString())
              .toList();
      assertThat(Algorithm.command("x", AlgorithmWriter.command(tokens)).argv()).isEqualTo(tokens);
    }
  }

  @Test
  void write_ofAJavaFunction_isRefused() {
    Algorithm function = Algorithm.function("blur", (in, out) -> {});
    assertThatThrownBy(() -> AlgorithmFile.write(function, folder.resolve("x.json")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("algorithm 'blur' is a Java function, which no file can describe");
  }

  @Test
  void name_isThatOfTheFileUnlessSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("list.conf"), "command = ls");
    assertThat(AlgorithmFile.read(file).name()).isEqualTo("list");
  }

  @Test
  void catalogue_listsWhatItFinds_firstPlaceFirst() throws IOException {
    Path home = folder.resolve("home");
    Path user = Files.createDirectories(home.resolve(".yunpipe/algorithms"));
    Path old = Files.createDirectories(home.resolve(".cloud_pipe/algorithms"));
    Path beside = Files.createDirectories(folder.resolve("algorithms"));
    AlgorithmFile.write(Algorithm.command("b", "mine"), user.resolve("b.json"));
    Files.writeString(old.resolve("b_info.json"), "{\"run_command\": \"old\"}");
    Files.writeString(old.resolve("c_info.json"), "{\"run_command\": \"old\"}");
    Files.writeString(old.resolve("notes.txt"), "");
    Files.writeString(beside.resolve("a.conf"), "command = near");
    Catalogue catalogue = Catalogue.of(folder.resolve("p.conf"), home);
    assertThat(catalogue.list().keySet()).containsExactly("a", "b", "c");
    assertThat(catalogue.get("a").argv()).containsExactly("near");
    assertThat(catalogue.get("b").argv()).containsExactly("mine");
    assertThat(catalogue.get("c").name()).isEqualTo("c");
    assertThatThrownBy(() -> Catalogue.of(null, home).get("bb"))
        .hasMessage(
            "Configuration of algorithms has 1 problem:\n  - no algorithm is named 'bb'; did you mean 'b'?"
                + " Looked for "
                + user
                + "/bb{.json,.conf,_info.json}, "
                + old
                + "/bb_info.json");
  }
}
