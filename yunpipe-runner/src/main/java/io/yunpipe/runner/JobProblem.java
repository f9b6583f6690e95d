package io.yunpipe.runner;

/** Why an attempt failed before or after its execution; becomes the reason of the result. */
final class JobProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean permanent;

  private JobProblem(String reason, boolean permanent) {
    super(reason, null, false, false);
    this.permanent = permanent;
  }

  /** Another attempt would meet the same. */
  static JobProblem permanent(String reason) {
    return new JobProblem(reason, true);
  }

  /** Another attempt may succeed. */
  static JobProblem passing(String reason) {
    return new JobProblem(reason, false);
  }

  /** Returns a problem that says more. */
  JobProblem and(String more) {
    return new JobProblem(reason() + more, permanent);
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  boolean permanent() {
    return permanent;
  }
}
