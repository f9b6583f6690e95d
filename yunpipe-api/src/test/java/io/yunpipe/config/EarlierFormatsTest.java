package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.Port;
import io.yunpipe.Resources;
import io.yunpipe.Stage;
import io.yunpipe.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EarlierFormatsTest extends PipelineFiles {
  @Nested
  class Algorithms {
    @Test
    void description_ofTheManual_isReadAsItIs() {
      Algorithm algorithm = AlgorithmFile.read(Golden.file("change123-s3.json"));
      assertThat(algorithm.name()).isEqualTo("change123-s3");
      assertThat(algorithm.image()).contains("wangyx2005/change123");
      assertThat(algorithm.argv()).containsExactly("sh", "/change123.sh", "$input", "$output");
      assertThat(algorithm.inputPath()).isEqualTo("/");
      assertThat(algorithm.outputPath()).isEqualTo("/");
      assertThat(algorithm.executablePath()).contains("/change123");
      assertThat(algorithm.instanceType()).isEmpty();
      assertThat(algorithm.resources()).isEqualTo(Resources.of(1, 128));
      assertThat(algorithm.variables()).containsExactly(new Variable("TEST_ENV", true, null));
      assertThat(algorithm.ports()).containsExactly(new Port(9090, "tcp"));
      assertThat(algorithm.outputMode()).isEqualTo(OutputMode.FILE);
    }

    @Test
    void description_withEmptyEntries_takesTheDefaults() {
      Algorithm algorithm = AlgorithmFile.read(Golden.file("algorithms/count.json"));
      assertThat(algorithm.image()).isEmpty();
      assertThat(algorithm.argv())
          .containsExactly("sh", "count.sh", "--in=$input", "$output/counts.txt");
      assertThat(algorithm.inputPath()).isEqualTo("/yunpipe/in");
      assertThat(algorithm.outputPath()).isEqualTo("/yunpipe/out");
      assertThat(algorithm.resources()).isEqualTo(Resources.of(1, 64));
      assertThat(algorithm.outputMode())
          .as("the command writes below $output")
          .isEqualTo(OutputMode.FOLDER);
    }

    @Test
    void description_saysSystemAndMinimalMemoryBeyondTheAlgorithm() {
      Description description = AlgorithmFile.describe(Golden.file("change123-s3.json"));
      assertThat(description.system()).isEqualTo("ubuntu");
      assertThat(description.minimalMemoryMib()).isEqualTo(50);
    }

    @Test
    void description_afterWrapping_losesWhatOnlyTheOldScriptNeeded() throws IOException {
      Path file =
          write(
              "p.json",
              "{\"process\": {\"type\": \"single_run\", \"algorithms\": [{\"name\": \"wrapped\"}]}}");
      Path home = folder.resolve("home");
      Path place = Files.createDirectories(home.resolve(".cloud_pipe/algorithms"));
      Path info = place.resolve("wrapped_info.json");
      Files.writeString(info, Golden.text("wrapped_info.json"));
      PipelineFile read = Golden.load(file, home);
      Algorithm algorithm = read.definition().workflow().stages().get(0).algorithm();
      assertThat(algorithm.variables()).extracting(Variable::name).containsExactly("SEED");
      assertThat(algorithm.instanceType()).isEmpty();
      assertThat(algorithm.resources()).isEqualTo(Resources.of(2, 512));
      assertThat(read.warnings())
          .hasSize(9)
          .startsWith(
              info
                  + ":6: instance_type t2.micro is not followed, because the earlier yunpipe wrote it for"
                  + " every algorithm; the type is chosen from CPU and memory",
              info
                  + ":15: variable output_s3_name of the earlier yunpipe's run script is not needed");
    }

    @Test
    void problems_areAllReported() throws IOException {
      Path file =
          write(
              "bad.json",
              """
              {
                "name": "bad",
                "run_comand": "x",
                "container_name": "two words",
                "input_file_path": "in",
                "memory": { "minimal": 500, "suggested": 128 },
                "CPU": "many",
                "user_specified_environment_variables": [ { "required": true }, { "name": "A-B" } ],
                "port": [ { "port": 0, "protocol": "tcp" }, { "port": 1, "protocol": "icmp" }, "x" ]
              }
              """);
      assertThatThrownBy(() -> AlgorithmFile.read(file))
          .hasMessage(
              ("Configuration FILE has 10 problems:"
                      + "\n  - FILE:3: unknown key 'run_comand'; did you mean 'run_command'?"
                      + "\n  - FILE:4: container_name: image must be a reference such as ubuntu:24.04, but was"
                      + " \"two words\""
                      + "\n  - FILE:5: input_file_path: inputPath must be an absolute folder in the container,"
                      + " but was \"in\""
                      + "\n  - FILE:6: memory.minimal: expected at most suggested, which is 128, but found 500"
                      + "\n  - FILE:7: CPU: expected a number, but found \"many\""
                      + "\n  - FILE:8: user_specified_environment_variables[0]: name is not set"
                      + "\n  - FILE:8: user_specified_environment_variables[1].name: variable name must match"
                      + " [A-Za-z_][A-Za-z0-9_]*, but was \"A-B\""
                      + "\n  - FILE:9: port[0].port: port must be 1 to 65535, but was 0"
                      + "\n  - FILE:9: port[1].port: protocol must be tcp or udp, but was \"icmp\""
                      + "\n  - FILE:9: port[2]: expected a port such as 9090 or \"53/udp\", but found \"x\"")
                  .replace("FILE", file.toString()));
    }

    @Test
    void nothing_toRun_isRefused() throws IOException {
      Path file = write("bad.json", "{\"name\": \"bad\", \"run_command\": \"\"}");
      assertThatThrownBy(() -> AlgorithmFile.read(file))
          .hasMessageEndingWith(file + ":1: nothing to run; set run_command or container_name");
    }
  }

  @Nested
  class Workflows {
    @Test
    void request_ofTheManual_isReadAsItIs() {
      Path file = Golden.file("user_request.json");
      PipelineFile read = Golden.load(file);
      assertThat(read.definition().name()).isEqualTo("user-request");
      List<Stage> stages = read.definition().workflow().stages();
      assertThat(stages).extracting(Stage::name).containsExactly("change123-s3");
      assertThat(stages.get(0).variables()).isEqualTo(Map.of("TEST_ENV", "blah blah blah"));
      assertThat(stages.get(0).ports()).isEmpty();
      assertThat(read.warnings())
          .containsExactly(
              file
                  + ": input_s3_name, output_s3_name, key_pair, account_id, region have no effect on the"
                  + " local backend; kept as settings of the aws backend (yunpipe.aws.*)");
    }

    @Test
    void sequence_isAChainWithValuesAsWritten() {
      List<Stage> stages =
          Golden.load(Golden.file("sequence_request.json")).definition().workflow().stages();
      assertThat(stages)
          .extracting(Stage::name)
          .containsExactly("change123-s3", "count", "change123-s3-2");
      assertThat(stages.get(2).after()).containsExactly("count");
      assertThat(stages.get(0).ports()).containsExactly(new Port(9090, "tcp"));
      assertThat(stages.get(2).variables()).isEqualTo(Map.of("TEST_ENV", "1.10"));
    }

    @Test
    void requiredVariable_notSet_isRefused() throws IOException {
      write("change123-s3.json", Golden.text("change123-s3.json"));
      Path file =
          write(
              "w.json",
              "{ \"process\": { \"type\": \"single_run\",\n \"algorithms\": [\n { \"name\": \"change123-s3\", \"port\": [{\"port\": 80}],"
                  + " \"variables\": {\"TEST\": 1} } ] } }");
      assertThatThrownBy(() -> Golden.load(file))
          .hasMessage(
              ("Configuration FILE has 3 problems:"
                      + "\n  - FILE:3: stage 'change123-s3': unknown variable TEST; algorithm 'change123-s3' has TEST_ENV"
                      + "\n  - FILE:3: stage 'change123-s3': required variable TEST_ENV is not set"
                      + "\n  - FILE:3: stage 'change123-s3': port 80/tcp is not listed by algorithm 'change123-s3'")
                  .replace("FILE", file.toString()));
    }
  }

  @Nested
  class AwsHalide {
    @Test
    void constants_areAZippedJob() {
      Path file = Golden.file("config.py");
      PipelineFile read = Golden.load(file);
      Stage stage = read.definition().workflow().stages().get(0);
      assertThat(read.definition().name()).isEqualTo("halideworker");
      assertThat(stage.algorithm().argv())
          .containsExactly(
              "bash",
              "-c",
              "g++ image.cpp -I /opt/halide/include -o bright ; LD_LIBRARY_PATH=/opt/halide/bin ./bright");
      assertThat(stage.algorithm().image()).contains("student/private:HalideWorker");
      assertThat(stage.algorithm().zippedOutput()).contains("brighter.png");
      assertThat(stage.algorithm().zippedExtension()).isEqualTo(".png");
      assertThat(read.zipFolder()).contains(file.resolveSibling("PhotoBlur"));
      assertThat(read.removeLocalZip()).isTrue();
      assertThat(read.warnings())
          .containsExactly(
              file
                  + ": AWS_REGION, AWS_PROFILE, SSH_KEY_NAME, ECS_CLUSTER, BUCKET_NAME have no effect on the"
                  + " local backend; kept as settings of the aws backend (yunpipe.aws.*)",
              file
                  + ": FULL_NAME_AND_EMAIL, DOCKERHUB_USER, DOCKERHUB_EMAIL, DOCKERHUB_REPO have no effect");
    }

    @Test
    void constants_underAnyFileName_areKnownByTheirContent() throws IOException {
      Path file =
          write(
              "halide.conf", "NAME_OUTPUT='a.txt'\nCODE=\"sort x.txt > a.txt && echo 'it\\'s'\"\n");
      Algorithm algorithm = Golden.load(file).definition().workflow().stages().get(0).algorithm();
      assertThat(algorithm.argv())
          .containsExactly("bash", "-c", "sort x.txt > a.txt && echo 'it's'");
      assertThat(algorithm.image()).isEmpty();
      assertThat(algorithm.zippedExtension()).isEmpty();
    }

    @Test
    void problems_areAllReported() throws IOException {
      Path file =
          write(
              "config.py",
              """
              import os
              NAME_OUTPT = 'x'
              NAME_OUTPUT = '../x'
              BUCKET_NAME = BUCKT + '-run'
              OUTPUT_EXT = os.environ['EXT']
              CODE = 'open
              """);
      assertThatThrownBy(() -> Golden.load(file))
          .hasMessage(
              ("Configuration FILE has 6 problems:"
                      + "\n  - FILE: CODE is not set: the code to run in the unzipped folder"
                      + "\n  - FILE:1: expected NAME = 'text', but found: import os"
                      + "\n  - FILE:2: unknown constant 'NAME_OUTPT'; did you mean 'NAME_OUTPUT'?"
                      + "\n  - FILE:4: there is no constant 'BUCKT' before this line of config.py; known: NAME_OUTPT, NAME_OUTPUT"
                      + "\n  - FILE:5: there is no constant 'os.environ' before this line of config.py; known: NAME_OUTPT, NAME_OUTPUT"
                      + "\n  - FILE:6: expected texts in quotes or names set before, joined with +, but found: 'open")
                  .replace("FILE", file.toString()));
      Path outside = write("config.py", "CODE = 'ls'\nNAME_OUTPUT = '../x'\n");
      assertThatThrownBy(() -> Golden.load(outside))
          .hasMessageEndingWith(
              outside
                  + ":2: NAME_OUTPUT: expected a path inside the unzipped folder, but found \"../x\"");
    }
  }
}
