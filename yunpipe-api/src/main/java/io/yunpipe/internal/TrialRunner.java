package io.yunpipe.internal;

import io.yunpipe.JobFunction;
import io.yunpipe.Trial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Runs one algorithm on one file without a backend; the runner module brings it as a service. */
public interface TrialRunner {
  /**
   * Runs it to its end.
   *
   * @param algorithm what to run; files that come with it are named by their paths in the keys
   * @param function the Java function, if the algorithm is one
   * @param input the file
   * @return all that was seen; its output folder is for the caller to delete
   */
  Trial run(AlgorithmSpec algorithm, @Nullable JobFunction function, Path input);
}
