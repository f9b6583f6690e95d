package io.yunpipe.bench;

import com.sun.management.OperatingSystemMXBean;
import io.yunpipe.Algorithm;
import io.yunpipe.Input;
import io.yunpipe.Inputs;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * One run in a JVM of its own: {@code true|noop JOBS FOLDER}. Prints the CPU seconds that the run
 * took without the start of the JVM.
 */
public final class Workload {
  private Workload() {}

  /** Runs it. */
  public static void main(String[] args) throws InterruptedException {
    int jobs = Integer.parseInt(args[1]);
    Algorithm algorithm =
        args[0].equals("true")
            ? Algorithm.command("true", "true")
            : Algorithm.function("noop", (in, out) -> {});
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long start = machine.getProcessCpuTime();
    try (Pipeline pipeline =
        Pipeline.builder()
            .name("bench")
            .stage(algorithm)
            .putSetting("yunpipe.local.directory", Path.of(args[2]).toString())
            .build()) {
      Run run =
          pipeline.submit(
              Inputs.of(IntStream.range(0, jobs).mapToObj(i -> Input.text("in-" + i, "" + i))));
      RunStatus status = run.await();
      long cpu = machine.getProcessCpuTime() - start;
      if (status.state() != RunState.SUCCEEDED || status.done() != jobs) {
        throw new IllegalStateException("not all jobs succeeded: " + status);
      }
      Measured.print("cpu %.3f", cpu / 1e9);
    }
  }
}
