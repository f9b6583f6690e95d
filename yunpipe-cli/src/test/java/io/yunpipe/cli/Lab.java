package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A folder with workflows, inputs and a backend's directory of its own. */
final class Lab {
  /** Copies its input, except that what is named bad fails. */
  private static final String PICKY =
      "sh -c 'case \"$0\" in *bad*) echo \"cannot read it\" >&2; exit 3;; esac; cp \"$0\" \"$1\"'"
          + " $input $output/";

  private static final Pattern RUN = Pattern.compile("yunpipe \\w+ (\\S+)");

  final Path folder;
  final Path workflow;
  final Path inputs;
  final Path results;
  final Path store;

  Lab(Path folder) throws IOException {
    this.folder = folder;
    workflow = folder.resolve("picky.conf");
    inputs = Files.createDirectories(folder.resolve("inputs"));
    results = folder.resolve("results");
    store = folder.resolve("store");
    workflow(PICKY);
  }

  /** Writes a workflow of one stage. */
  void workflow(String command) throws IOException {
    Files.writeString(
        workflow, "name = picky\nalgorithms { copy { command = \"\"\"" + command + "\"\"\" } }\n");
  }

  void input(String name) throws IOException {
    Path file = inputs.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "content of " + name);
  }

  /** Runs a command with this lab's backend. */
  Cli run(String command, Object... args) {
    return Cli.run(arguments(command, args));
  }

  String[] arguments(String command, Object... args) {
    List<String> all = new ArrayList<>(List.of(command, "--backend-dir", store.toString()));
    for (Object arg : args) {
      all.add(arg.toString());
    }
    return all.toArray(String[]::new);
  }

  /** Submits and returns the run's identifier. */
  String submit() {
    Cli submitted = run("submit", workflow, inputs);
    assertThat(submitted.code()).as(submitted.err()).isZero();
    return submitted.out().strip();
  }

  /** Returns the first run that a text tells how to go on with. */
  static String runIn(String text) {
    Matcher matcher = RUN.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }
}
