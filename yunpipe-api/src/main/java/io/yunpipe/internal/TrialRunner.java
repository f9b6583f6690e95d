package io.yunpipe.internal;

import io.yunpipe.Trial;
import java.nio.file.Path;

/** Runs one algorithm on one file without a backend; the runner module brings it as a service. */
public interface TrialRunner {
  /**
   * Runs it to its end.
   *
   * @param algorithm what to run; files that come with it are named by their paths in the keys
   * @param input the file
   */
  Trial run(AlgorithmSpec algorithm, Path input);
}
