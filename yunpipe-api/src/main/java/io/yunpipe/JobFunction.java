package io.yunpipe;

/** A Java function as an algorithm. Called by several threads at once. */
@FunctionalInterface
public interface JobFunction {
  /**
   * Does one job. An exception fails the attempt, with its text as the reason.
   *
   * @param in the job's input
   * @param out takes the job's outputs
   * @throws Exception to fail this attempt
   */
  void apply(JobInput in, JobOutput out) throws Exception;
}
