package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.BackendException;
import io.yunpipe.ConfigurationException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.InvalidPipelineException;
import io.yunpipe.JobFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir Path folder;

  @Test
  void noCommand_isBadUsage() {
    assertThat(Cli.run())
        .isEqualTo(
            new Cli(
                2,
                "",
                """
                yunpipe: Missing command.
                Usage: yunpipe [-h] [--debug] [--version] COMMAND
                'yunpipe --help' tells more.
                """));
  }

  @Test
  void unknownCommand_isBadUsage() {
    Cli run = Cli.run("frobnicate", "x");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("yunpipe: No command is named frobnicate.\n");
  }

  @Test
  void unknownOption_isBadUsage() {
    Cli run = Cli.run("run", "--frobnicate", "a", "b");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("yunpipe: Unknown option: '--frobnicate'\nUsage: yunpipe run ");
  }

  @Test
  void help_anyCommand_goesToStandardOutput() {
    assertThat(Cli.run("--help").out()).contains("clean-up", "describe", "Exit codes: 0 all");
    for (String line : Cli.run("--help").out().split("\n", -1)) {
      if (line.matches("  [a-z-]+ {2,}[A-Z].*")) {
        Cli help = Cli.run(line.strip().split(" ", -1)[0], "--help");
        assertThat(help.code()).as(line).isZero();
        assertThat(help.out()).startsWith("Usage: yunpipe " + line.strip().split(" ", -1)[0]);
      }
    }
  }

  @Test
  void version_namesTheJava() {
    assertThat(Cli.run("--version").out()).contains("Java " + System.getProperty("java.version"));
  }

  @Test
  void completion_script_isAcceptedByBash() throws Exception {
    Cli run = Cli.run("completion");
    assertThat(run.out()).contains("complete -F _complete_yunpipe", "clean-up", "--backend-dir");
    Path script = folder.resolve("completion.bash");
    Files.writeString(script, run.out());
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).isZero();
    assertThat(Cli.run("completion", "zsh").out()).contains("bashcompinit");
  }

  @Test
  void validate_goodAndBad_tellsEach() throws IOException {
    Path good = folder.resolve("good.conf");
    Files.writeString(
        good,
        """
        name = two
        algorithms { a { command = "cp $input $output" }, b { command = "cp $input $output" } }
        process { type = sequence_run, algorithms = [a, b] }
        """);
    Path bad = folder.resolve("bad.conf");
    Files.writeString(
        bad, "algorithms { a { comand = x } }\nprocess { type = single, algorithms = [a] }");
    Cli run = Cli.run("validate", good.toString(), bad.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEqualTo(good + ": valid; pipeline two of 2 stages: a, b\n");
    assertThat(run.err()).contains("bad.conf").contains("comand").contains("single");
    Cli json = Cli.run("validate", "--json", good.toString());
    assertThat(json)
        .isEqualTo(
            new Cli(
                0,
                """
                [
                  {
                    "file" : "%s",
                    "valid" : true,
                    "stages" : [
                      "a",
                      "b"
                    ],
                    "warnings" : [ ],
                    "problems" : [ ]
                  }
                ]
                """
                    .formatted(good),
                ""));
  }

  @Test
  void exception_ofEachKind_hasItsCode() {
    assertThat(Errors.code(new InvalidInputException("x"))).isEqualTo(2);
    assertThat(Errors.code(new InvalidPipelineException("x", List.of("y")))).isEqualTo(2);
    assertThat(Errors.code(new ConfigurationException("x", List.of("y")))).isEqualTo(2);
    assertThat(Errors.code(new IllegalArgumentException("x"))).isEqualTo(2);
    assertThat(Errors.code(new IllegalStateException("x"))).isEqualTo(2);
    assertThat(Errors.code(new JobFailedException("x", List.of()))).isEqualTo(1);
    assertThat(Errors.code(new BackendException("x", null))).isEqualTo(3);
    assertThat(Errors.code(new IOException("x"))).isEqualTo(3);
    assertThat(Errors.code(new NullPointerException())).isEqualTo(3);
    assertThat(Errors.code(new InterruptedException())).isEqualTo(130);
    assertThat(Errors.message(new NoSuchFileException("a.txt"))).isEqualTo("a.txt does not exist.");
  }

  @Test
  void words_forAShell_areQuotedWhenNeeded() {
    assertThat(Shell.quote("a/b-1.conf")).isEqualTo("a/b-1.conf");
    assertThat(Shell.quote("it's")).isEqualTo("'it'\\''s'");
    assertThat(Shell.quote("")).isEqualTo("''");
  }

  @Test
  void bytes_anySize_areShort() {
    assertThat(List.of(Messages.bytes(12), Messages.bytes(1536), Messages.bytes(5L << 40)))
        .containsExactly("12 B", "1.5 KiB", "5.0 TiB");
  }
}
