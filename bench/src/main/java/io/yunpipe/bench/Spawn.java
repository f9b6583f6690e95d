package io.yunpipe.bench;

import java.io.IOException;

/** The floor: {@code JOBS} processes of {@code true} from a bare JVM, two at a time. */
public final class Spawn {
  private Spawn() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int jobs = Integer.parseInt(args[0]);
    Thread second = new Thread(() -> spawn(jobs / 2));
    second.start();
    spawn(jobs - jobs / 2);
    second.join();
  }

  private static void spawn(int jobs) {
    try {
      for (int i = 0; i < jobs; i++) {
        new ProcessBuilder("true")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectErrorStream(true)
            .start()
            .waitFor();
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
