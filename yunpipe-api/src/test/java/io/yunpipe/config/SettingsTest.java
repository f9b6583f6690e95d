package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.yunpipe.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final Schema SCHEMA =
      Schema.of(
          ConfigFactory.parseString(
              """
              yunpipe {
                backend = local
                aws {}
                local { directory = "", fsync = true, cpus = 0, memory-mib = 0, lease = 60s, share = 0.5 }
              }
              """));

  @TempDir Path folder;

  private Settings load(
      Path file,
      Map<String, String> overrides,
      Map<String, String> properties,
      Map<String, String> environment) {
    return Settings.load(
        file, overrides, properties, environment, folder.resolve("yunpipe.conf"), SCHEMA);
  }

  private Settings load(Path file) {
    return load(file, Map.of(), Map.of(), Map.of());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void nothing_set_givesTheDefaults() {
    Settings settings = load(null);
    assertThat(settings.backend()).isEqualTo("local");
    assertThat(settings.backendSettings("local"))
        .isEqualTo(
            Map.of(
                "directory",
                "",
                "fsync",
                "true",
                "cpus",
                "0",
                "memory-mib",
                "0",
                "lease",
                "60s",
                "share",
                "0.5"));
    assertThat(settings.backendSettings("none")).isEmpty();
    assertThat(settings.text("yunpipe.local.lease")).contains("60s");
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void load_ofTheClassPath_knowsTheBackend() {
    assertThat(Settings.load(null, Map.of("yunpipe.aws.anything", "1.10")).backendSettings("aws"))
        .isEqualTo(Map.of("anything", "1.10"));
  }

  @Test
  void sources_countInOrder() throws IOException {
    write(
        "yunpipe.conf",
        "yunpipe.local { directory = a, cpus = 1, memory-mib = 1, lease = 1s, fsync = no, share = 0.1 }");
    Path pipeline =
        write(
            "p.conf",
            "algorithms { x = ls }\nyunpipe.local { cpus = 2, memory-mib = 2, lease = 2s, fsync = on, share = 0.2 }");
    Settings settings =
        load(
            pipeline,
            Map.of("yunpipe.local.share", "0.50"),
            Map.of(
                "yunpipe.local.memory-mib",
                "3",
                "yunpipe.local.lease",
                "3s",
                "yunpipe.local.share",
                "0.3"),
            Map.of("YUNPIPE_LOCAL_LEASE", "4s", "YUNPIPE_LOCAL_SHARE", "0.4"));
    assertThat(settings.backendSettings("local"))
        .isEqualTo(
            Map.of(
                "directory",
                "a",
                "cpus",
                "2",
                "memory-mib",
                "3",
                "lease",
                "4s",
                "share",
                "0.50",
                "fsync",
                "true"));
  }

  @Test
  void values_haveOneFormForTheirReaders() {
    assertThat(
            load(
                    null,
                    Map.of("yunpipe.local.fsync", "No", "yunpipe.local.directory", "~/runs"),
                    Map.of(),
                    Map.of())
                .backendSettings("local"))
        .containsEntry("fsync", "false")
        .containsEntry("directory", System.getProperty("user.home") + "/runs");
  }

  @Test
  void file_thatIsNamed_isReadInsteadOfTheUsualOne() throws IOException {
    write("yunpipe.conf", "yunpipe.local.cpus = 1");
    Path named = write("other.conf", "yunpipe.backend = aws");
    Settings settings = load(named);
    assertThat(settings.backend()).isEqualTo("aws");
    assertThat(settings.backendSettings("local")).containsEntry("cpus", "0");
    assertThat(load(null).backendSettings("local")).containsEntry("cpus", "1");
  }

  @Test
  void file_thatIsNamedAndMissing_isAProblem() {
    Path file = folder.resolve("none.conf");
    assertThatThrownBy(() -> load(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Configuration " + file + " has 1 problem:\n  - " + file + ": there is no such file");
  }

  @Test
  void problems_ofAllSources_areReportedAtOnce() throws IOException {
    Path file =
        write(
            "yunpipe.conf",
            """
            yunpipe {
              local {
                cpu = 2
                cpus = two
                fsync = [true]
                lease = 60
                memory-mib { a = 1 }
              }
              locl { x = 1 }
            }
            backend = aws
            """);
    assertThatThrownBy(
            () ->
                load(
                    null,
                    Map.of("local.cpus", "2"),
                    Map.of("yunpipe.local.fsinc", "true"),
                    Map.of("YUNPIPE_LOCAL_SHARE", "half")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Configuration of yunpipe has 10 problems:"
                + ("\n  - FILE:3: unknown setting 'yunpipe.local.cpu'; did you mean 'cpus'? Known: cpus,"
                        + " directory, fsync, lease, memory-mib, share"
                        + "\n  - FILE:4: yunpipe.local.cpus: expected a whole number, but found \"two\""
                        + "\n  - FILE:5: yunpipe.local.fsync: expected one value, but found a list"
                        + "\n  - FILE:6: yunpipe.local.lease: expected a duration such as 60s, but found 60"
                        + "\n  - FILE:7: yunpipe.local.memory-mib: expected a value, but found a block { … }"
                        + "\n  - FILE:9: unknown setting 'yunpipe.locl.x'"
                        + "\n  - FILE:11: unknown key 'backend'; settings are written below yunpipe, such as"
                        + " yunpipe.backend or yunpipe { … }")
                    .replace("FILE", file.toString())
                + "\n  - system property yunpipe.local.fsinc: unknown setting 'yunpipe.local.fsinc';"
                + " did you mean 'fsync'? Known: cpus, directory, fsync, lease, memory-mib, share"
                + "\n  - environment variable YUNPIPE_LOCAL_SHARE: yunpipe.local.share: expected a number,"
                + " but found \"half\""
                + "\n  - set by the program: unknown setting 'local.cpus'; did you mean"
                + " 'yunpipe.local.cpus'?");
  }

  @Nested
  class EnvironmentVariables {
    private final Surroundings surroundings = new Surroundings(SCHEMA, new Problems());

    @Test
    void names_mapToPaths() {
      assertThat(surroundings.path("YUNPIPE_BACKEND")).isEqualTo("yunpipe.backend");
      assertThat(surroundings.path("YUNPIPE_LOCAL_DIRECTORY")).isEqualTo("yunpipe.local.directory");
      assertThat(surroundings.path("YUNPIPE_LOCAL_MEMORY__MIB"))
          .isEqualTo("yunpipe.local.memory-mib");
      assertThat(surroundings.path("YUNPIPE_AWS_INPUT__BUCKET"))
          .isEqualTo("yunpipe.aws.input-bucket");
    }

    @Test
    void names_ofKnownSettings_mayHaveOneUnderscoreForADash() {
      assertThat(surroundings.path("YUNPIPE_LOCAL_MEMORY_MIB"))
          .isEqualTo("yunpipe.local.memory-mib");
    }

    @Test
    void names_ofOtherPrograms_areLeftAloneButLikelyTyposAreNamed() {
      Settings settings =
          load(
              null,
              Map.of(),
              Map.of("yunpipe.all.jar", "x"),
              Map.of("YUNPIPE_HOME", "/opt", "YUNPIPE_LOCAL2_SHELL", "x", "YUNPIPE_BACKND", "aws"));
      assertThat(settings.backend()).isEqualTo("local");
      assertThat(settings.warnings())
          .containsExactly(
              "environment variable YUNPIPE_BACKND: unknown setting 'yunpipe.backnd' is ignored;"
                  + " did you mean 'yunpipe.backend'?");
    }
  }

  @Nested
  class PipelineFiles {
    @Test
    void keys_ofTheEarlierWorkflow_becomeSettingsOfAws() throws Exception {
      Settings settings =
          load(Path.of(SettingsTest.class.getResource("user_request.json").toURI()));
      assertThat(settings.backend()).isEqualTo("local");
      assertThat(settings.backendSettings("aws"))
          .isEqualTo(
              Map.of(
                  "input-bucket", "container-clouds-input",
                  "output-bucket", "container-clouds-output",
                  "key-pair", "wyx-cci",
                  "account-id", "your-aws-account-id",
                  "region", "us-east-1"));
    }

    @Test
    void constants_ofAwsHalide_becomeSettingsOfAws() throws Exception {
      Settings settings = load(Path.of(SettingsTest.class.getResource("config.py").toURI()));
      assertThat(settings.backendSettings("aws"))
          .isEqualTo(
              Map.of(
                  "region", "us-east-1",
                  "profile", "default",
                  "bucket", "student-halide-run",
                  "ecs-cluster", "arn:aws:ecs:us-east-1:000000000000:cluster/my-cluster",
                  "key-pair", "student-key.pem"));
    }

    @Test
    void backend_ofThePipeline_countsLessThanTheEnvironment() throws IOException {
      Path file = write("p.conf", "backend = aws\nalgorithms { x = ls }");
      assertThat(load(file).backend()).isEqualTo("aws");
      assertThat(load(file, Map.of(), Map.of(), Map.of("YUNPIPE_BACKEND", "local")).backend())
          .isEqualTo("local");
    }

    @Test
    void block_yunpipe_countsMoreThanTheEarlierKeys() throws IOException {
      Path file =
          write(
              "p.json",
              "{\"region\": \"a\", \"yunpipe\": {\"aws\": {\"region\": \"b\"}}, \"process\": {}}");
      assertThat(load(file).backendSettings("aws")).isEqualTo(Map.of("region", "b"));
    }
  }
}
