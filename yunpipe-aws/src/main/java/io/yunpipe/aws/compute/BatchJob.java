package io.yunpipe.aws.compute;

import io.yunpipe.aws.http.JsonAnswer;
import java.util.List;

/**
 * A job of AWS Batch that has not ended, or an array of them.
 *
 * @param id its id
 * @param name its name
 * @param array whether it is an array
 * @param running how many run
 * @param runnable how many wait for a place
 * @param starting how many do not run yet, those included
 * @param reason what Batch says about its status; may be empty
 * @param created when it was submitted, in milliseconds since 1970
 */
record BatchJob(
    String id,
    String name,
    boolean array,
    int running,
    int runnable,
    int starting,
    String reason,
    long created) {
  private static final List<String> STARTING =
      List.of("SUBMITTED", "PENDING", "RUNNABLE", "STARTING");

  /** Reads a job as DescribeJobs tells it. */
  static BatchJob of(JsonAnswer job) {
    JsonAnswer array = job.object("arrayProperties");
    JsonAnswer children = array.object("statusSummary");
    boolean isArray = array.whole("size") > 0;
    String status = job.text("status");
    // Until an array's children are there, its summary is empty.
    boolean summed = isArray && STARTING.stream().anyMatch(s -> !children.text(s).isEmpty());
    int size = isArray ? (int) array.whole("size") : 1;
    return new BatchJob(
        job.text("jobId"),
        job.text("jobName"),
        isArray,
        count("RUNNING", summed, children, status, size),
        count("RUNNABLE", summed, children, status, size),
        STARTING.stream().mapToInt(s -> count(s, summed, children, status, size)).sum(),
        job.text("statusReason"),
        job.whole("createdAt"));
  }

  private static int count(
      String wanted, boolean summed, JsonAnswer children, String status, int size) {
    return summed ? (int) children.whole(wanted) : status.equals(wanted) ? size : 0;
  }
}
