package io.yunpipe.e2e;

import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.Workflow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A program that runs one workflow of three stages over a folder: submits it, or goes on with the
 * run that another one submitted. Ends with 0 if all is well.
 */
final class ThreeStages {
  private ThreeStages() {}

  public static void main(String[] arguments) throws InterruptedException {
    Path directory = Path.of(arguments[0]);
    Path inputs = Path.of(arguments[1]);
    int commands = Integer.parseInt(arguments[2]);
    try (Pipeline pipeline = pipeline(directory, commands)) {
      List<RunStatus> runs = pipeline.runs();
      Run run = runs.isEmpty() ? pipeline.submit(inputs) : pipeline.attach(runs.get(0).runId());
      RunStatus status = run.await();
      System.out.println("ended " + run.id() + " " + status);
      System.exit(status.state() == RunState.SUCCEEDED ? 0 : 1);
    }
  }

  /** The last stage gathers all; the first is a command if {@code commands} is not 0. */
  static Pipeline pipeline(Path directory, int commands) {
    Algorithm first =
        commands > 0
            ? Local.shell("first", "(cat \"$1\"; echo one) > \"$2/o\"")
            : Algorithm.function(
                "first", (in, out) -> out.write("o", text(Local.read(in.path()) + "one\n")));
    Algorithm second =
        Algorithm.function(
            "second", (in, out) -> out.write("o", text(Local.read(in.path()) + "two\n")));
    Algorithm third =
        Algorithm.function(
            "third",
            (in, out) -> {
              StringBuilder all = new StringBuilder();
              Local.tree(in.path())
                  .forEach((name, text) -> all.append(name).append('=').append(text));
              out.write("all", text(all.toString()));
            });
    return Local.pipeline(
        directory,
        Workflow.of(
            List.of(
                Stage.builder(first).build(),
                Stage.builder(second).after("first").keep(true).build(),
                Stage.builder(third).after("second").gather().build())));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
