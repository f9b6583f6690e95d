package io.yunpipe.runner;

import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where the command of one attempt runs: on the host, or in a container. */
interface Place extends ProcessRunner.Ender {
  /** Makes sure that commands can run here; the time it takes does not count as execution. */
  void ready() throws IOException, JobProblem, InterruptedException;

  /** Returns whether inputs and outputs are there even if the command does not name them. */
  boolean alwaysStaged();

  /** Places something before the command starts. */
  void stage(StagedEntry entry, StageIn stageIn)
      throws IOException, JobProblem, InterruptedException;

  /** Returns the path under which the command finds a file of the scratch folder. */
  String seen(Path file) throws IOException;

  /** Returns the file that the command finds under a path. */
  Path file(String seen) throws IOException, JobProblem;

  /** Returns the whole environment of the command. */
  Map<String, String> environment() throws IOException;

  /** Describes the process to start; its streams are for the caller to set. */
  ProcessBuilder process(List<String> argv, Map<String, String> environment)
      throws IOException, JobProblem;

  /** Explains why the process could not be started. */
  JobProblem explain(IOException failure, List<String> argv) throws IOException;

  /** Explains an exit code that is not a success. */
  JobProblem explain(int code, String logTail, List<String> argv);

  /** Returns whether the same shall be started once more, since the place has adapted itself. */
  boolean again(int code, String logTail);
}
