package io.yunpipe.aws.compute;

import com.fasterxml.jackson.core.JsonGenerator;
import io.yunpipe.aws.http.JsonAnswer;
import io.yunpipe.aws.http.JsonService;
import io.yunpipe.aws.template.StackNames;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers as jobs of AWS Batch: an array of so many workers is one call, of which 50 a second are
 * allowed. A call has no idempotency token: if its answer is lost, it is repeated, and there are
 * more workers for a while. A worker ends with 0 whatever became of its jobs, since one failed
 * child fails the array; the job definition says what is tried again.
 */
final class BatchFleet implements Fleet {
  private static final Logger logger = LoggerFactory.getLogger(BatchFleet.class);

  private static final int MAX_ARRAY = 10_000;
  private static final int MAX_DESCRIBED = 100;
  private static final List<String> ALIVE =
      List.of("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING");

  /** A tick asks for one stage after the other, and one listing answers for all. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final JsonService batch;
  private final StackNames names;
  private final Clock clock;
  private final BatchDiagnosis diagnosis;
  private List<JsonAnswer> listed = List.of();
  private long listedAt = Long.MIN_VALUE;

  BatchFleet(JsonService batch, StackNames names, Clock clock) {
    this.batch = batch;
    this.names = names;
    this.clock = clock;
    this.diagnosis = new BatchDiagnosis(batch, names, clock);
  }

  @Override
  public Census census(String stage, long since) {
    String name = names.ofStage(stage);
    List<BatchJob> jobs =
        alive().stream().map(BatchJob::of).filter(job -> job.name().equals(name)).toList();
    int running = jobs.stream().mapToInt(BatchJob::running).sum();
    int starting = jobs.stream().mapToInt(BatchJob::starting).sum();
    return new Census(running, starting, diagnosis.problem(running, jobs));
  }

  @Override
  public Optional<String> lastEnd(String stage) {
    return diagnosis.lastEnd(names.ofStage(stage));
  }

  /** Batch does so itself: the job definition has a time limit. */
  @Override
  public int endOld() {
    return 0;
  }

  @Override
  public int left() {
    return ids().size();
  }

  /** Returns all jobs that have not ended, arrays as one with a summary of their children. */
  private synchronized List<JsonAnswer> alive() {
    long now = clock.millis();
    if (listedAt == Long.MIN_VALUE || now - listedAt > FRESH.toMillis() || now < listedAt) {
      // A child is "parent:index"; Batch itself does not list it here.
      listed = described(ids().stream().filter(id -> !id.contains(":")).toList());
      listedAt = now;
    }
    return listed;
  }

  private List<String> ids() {
    return ALIVE.stream().flatMap(status -> ids(status).stream()).distinct().toList();
  }

  private List<String> ids(String status) {
    List<String> ids = new ArrayList<>();
    String next = "";
    do {
      String page = next;
      JsonAnswer answer =
          batch.call(
              "ListJobs",
              queue(),
              json -> {
                json.writeStringField("jobQueue", names.stack());
                json.writeStringField("jobStatus", status);
                if (!page.isEmpty()) {
                  json.writeStringField("nextToken", page);
                }
              });
      answer.objects("jobSummaryList").forEach(job -> ids.add(job.text("jobId")));
      next = answer.text("nextToken");
    } while (!next.isEmpty());
    return ids;
  }

  private List<JsonAnswer> described(List<String> ids) {
    List<JsonAnswer> jobs = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += MAX_DESCRIBED) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + MAX_DESCRIBED));
      jobs.addAll(
          batch.call("DescribeJobs", queue(), json -> texts(json, "jobs", some)).objects("jobs"));
    }
    return jobs;
  }

  static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  @Override
  public void launch(Order order) {
    for (int left = order.count(); left > 0; left -= MAX_ARRAY) {
      int size = Math.min(left, MAX_ARRAY);
      String job = submit(order, size).text("jobId");
      logger.info("Submitted job {} to AWS Batch: stage={} workers={}", job, order.stage(), size);
    }
    forgetListing();
  }

  private synchronized void forgetListing() {
    listedAt = Long.MIN_VALUE;
  }

  private JsonAnswer submit(Order order, int size) {
    String name = names.ofStage(order.stage());
    return batch.call(
        "SubmitJob",
        queue() + " and job definition " + name,
        json -> {
          json.writeStringField("jobName", name);
          json.writeStringField("jobQueue", names.stack());
          json.writeStringField("jobDefinition", name);
          if (size > 1) {
            json.writeObjectFieldStart("arrayProperties");
            json.writeNumberField("size", size);
            json.writeEndObject();
          }
        });
  }

  private String queue() {
    return "job queue " + names.stack();
  }

  @Override
  public int stopAll(String reason) {
    List<String> ids = ids();
    for (String id : ids) {
      JsonAnswer unused =
          batch.call(
              "TerminateJob",
              "job " + id + " of " + queue(),
              json -> {
                json.writeStringField("jobId", id);
                json.writeStringField("reason", reason);
              });
    }
    forgetListing();
    return ids.size();
  }
}
