package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a job wrote. */
@Command(
    name = "logs",
    sortOptions = false,
    description = "Prints the log of a job's last attempt: its standard output and error.")
final class LogsCommand implements Callable<Integer> {
  @Mixin private RunArgument target = new RunArgument();

  @Parameters(
      index = "1",
      paramLabel = "JOB",
      description = "A job's identifier, or an input's path (its last stage that has a job).")
  private String job = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on until the job is finished.")
  private boolean follow;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return Interruption.during(this::execute);
  }

  private int execute() throws InterruptedException {
    try (Pipeline pipeline = target.open()) {
      Run run = target.attach(pipeline);
      if (follow) {
        run.tail(
            job,
            piece -> {
              System.out.print(piece);
              System.out.flush();
            });
      } else {
        String log = run.log(job);
        System.out.print(log.isEmpty() || log.endsWith("\n") ? log : log + "\n");
      }
      return ExitCode.OK;
    }
  }
}
