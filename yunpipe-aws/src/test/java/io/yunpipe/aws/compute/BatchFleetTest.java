package io.yunpipe.aws.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.Resources;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchFleetTest {
  /** Signatures carry the time, but no one checks them here. */
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-22T08:00:00Z"));

  private FakeService service;
  private BatchFleet fleet;

  @BeforeEach
  void start() throws IOException {
    service = new FakeService(clock);
    fleet = new BatchFleet(service.batch(), new StackNames("yunpipe-", "letters"), clock);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private static Order order(int count) {
    return new Order("upper", Resources.DEFAULT, null, count, "token");
  }

  private void jobs(String... described) {
    service.on("listjobs", "{\"jobSummaryList\": [{\"jobId\": \"j1\"}]}");
    service.on("describejobs", "{\"jobs\": [" + String.join(", ", described) + "]}");
  }

  private String job(String status, String reason, Duration age) {
    return """
        {"jobId": "j1", "jobName": "yunpipe-letters_upper", "status": "%s", "statusReason": "%s",
         "createdAt": %d}
        """
        .formatted(status, reason, clock.millis() - age.toMillis());
  }

  @Test
  void workers_areSubmittedAsArrays_butOneAsAPlainJob() {
    service.on("submitjob", "{\"jobId\": \"a\"}");
    fleet.launch(order(1));
    fleet.launch(order(5));
    fleet.launch(order(20_001));
    String plain =
        "{\"jobName\":\"yunpipe-letters_upper\",\"jobQueue\":\"yunpipe-letters\","
            + "\"jobDefinition\":\"yunpipe-letters_upper\"";
    assertThat(service.requests("submitjob"))
        .containsExactly(
            plain + "}",
            plain + ",\"arrayProperties\":{\"size\":5}}",
            plain + ",\"arrayProperties\":{\"size\":10000}}",
            plain + ",\"arrayProperties\":{\"size\":10000}}",
            plain + "}");
  }

  @Test
  void census_countsTheChildrenOfArrays_andLeavesOtherStagesOut() {
    service.on(
        "listjobs",
        "{\"jobSummaryList\": [{\"jobId\": \"j1\"}], \"nextToken\": \"more\"}",
        "{\"jobSummaryList\": [{\"jobId\": \"j2\"}, {\"jobId\": \"j1:0\"}]}");
    service.on(
        "describejobs",
        """
        {"jobs": [
          {"jobId": "j1", "jobName": "yunpipe-letters_upper", "status": "PENDING",
           "arrayProperties": {"size": 7, "statusSummary":
             {"STARTING": 1, "RUNNING": 2, "RUNNABLE": 1, "SUCCEEDED": 3, "FAILED": 0}}},
          {"jobId": "j2", "jobName": "yunpipe-letters_lower", "status": "RUNNING"},
          {"jobId": "j3", "jobName": "yunpipe-letters_upper", "status": "RUNNING"}]}
        """);
    assertThat(fleet.census("upper", 0))
        .extracting(Census::running, Census::starting)
        .containsExactly(3, 2);
    assertThat(fleet.census("lower", 0))
        .extracting(Census::running, Census::starting)
        .containsExactly(1, 0);
    assertThat(service.requests("describejobs"))
        .as("one listing for all stages of a tick")
        .containsExactly("{\"jobs\":[\"j1\",\"j2\"]}");
  }

  @ParameterizedTest
  @CsvSource({
    "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill, instance-types",
    "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE max, max-workers",
    "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job needs, larger one",
    "MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS - Batch has, role",
    "MISCONFIGURATION:NEW_CODE - something, init again",
    "ACTION_REQUIRED - do it, account",
    "UNDETERMINED - who knows, quotas",
  })
  void job_thatCannotRun_isToldWithReasonAndRemedy(String reason, String remedy) {
    jobs(job("RUNNABLE", reason, Duration.ofSeconds(30)));
    assertThat(fleet.census("upper", 0).problem().orElse(""))
        .contains("job j1")
        .contains(reason)
        .contains(remedy);
  }

  @Test
  void job_thatHasJustBeenSubmitted_isNoProblem() {
    jobs(job("RUNNABLE", "", Duration.ofSeconds(90)));
    assertThat(fleet.census("upper", 0).problem()).isEmpty();
    assertThat(service.requests("describejobqueues")).isEmpty();
  }

  @Test
  void environment_thatIsInvalid_isToldWithItsReason() {
    jobs(job("RUNNABLE", "", Duration.ofMinutes(3)));
    service.on(
        "describejobqueues",
        """
        {"jobQueues": [{"state": "ENABLED", "status": "VALID",
          "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "arn:ce"}]}]}
        """);
    service.on(
        "describecomputeenvironments",
        """
        {"computeEnvironments": [{"computeEnvironmentName": "ce", "state": "ENABLED",
          "status": "INVALID", "statusReason": "CLIENT_ERROR - Not authorized"}]}
        """);
    assertThat(fleet.census("upper", 0).problem())
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith(
                        "Compute environment ce is invalid: CLIENT_ERROR - Not authorized"));
    assertThat(service.requests("describecomputeenvironments"))
        .containsExactly("{\"computeEnvironments\":[\"arn:ce\"]}");
  }

  @Test
  void queue_thatIsDisabled_isToldAsParked() {
    jobs(job("RUNNABLE", "", Duration.ofMinutes(3)));
    service.on("describejobqueues", "{\"jobQueues\": [{\"state\": \"DISABLED\"}]}");
    assertThat(fleet.census("upper", 0).problem().orElse("")).contains("disabled").contains("park");
  }

  @Test
  void array_whoseFirstChildIsStuck_isToldWithTheChildsReason() {
    service.on(
        "listjobs",
        "{\"jobSummaryList\": [{\"jobId\": \"j1\"}]}",
        "{}",
        "{}",
        "{}",
        "{}",
        "{\"jobSummaryList\": [{\"jobId\": \"j1:0\", \"statusReason\": \"CAPACITY:X\"}]}");
    service.on(
        "describejobs",
        """
        {"jobs": [{"jobId": "j1", "jobName": "yunpipe-letters_upper", "status": "PENDING",
           "createdAt": %d, "arrayProperties": {"size": 3, "statusSummary": {"RUNNABLE": 3}}}]}
        """
            .formatted(clock.millis() - 180_000));
    assertThat(fleet.census("upper", 0).problem().orElse("")).contains("job j1:0: CAPACITY:X");
  }

  @Test
  void job_thatWaitsForLongWithoutAReason_isToldWithItsAge() {
    jobs(job("RUNNABLE", "", Duration.ofMinutes(25)));
    assertThat(fleet.census("upper", 0).problem().orElse(""))
        .contains("25 minutes")
        .contains("quota");
  }

  @Test
  void lastEnd_isWhatBatchSaysOfTheNewestJobThatFailed() {
    service.on(
        "listjobs",
        """
        {"jobSummaryList": [
          {"jobId": "j3", "status": "RUNNING"},
          {"jobId": "j2", "status": "FAILED", "statusReason": "Task failed to start",
           "container": {"reason": "CannotPullContainerError: no such image"}},
          {"jobId": "j1", "status": "FAILED", "statusReason": "older"}]}
        """);
    assertThat(fleet.lastEnd("upper").orElse(""))
        .contains("job j2: Task failed to start; CannotPullContainerError: no such image.")
        .contains("has the worker");
    assertThat(service.requests("listjobs"))
        .containsExactly(
            "{\"jobQueue\":\"yunpipe-letters\",\"filters\":[{\"name\":\"JOB_NAME\","
                + "\"values\":[\"yunpipe-letters_upper\"]}]}");
  }

  @Test
  void lastEnd_ofAnArray_isWhatBatchSaysOfAChild() {
    service.on(
        "listjobs",
        """
        {"jobSummaryList": [{"jobId": "j1", "status": "FAILED",
          "statusReason": "Array Child Job failed", "arrayProperties": {"size": 5}}]}
        """,
        """
        {"jobSummaryList": [{"jobId": "j1:3", "status": "FAILED",
          "statusReason": "Essential container in task exited", "container": {"exitCode": 127}}]}
        """);
    assertThat(fleet.lastEnd("upper").orElse(""))
        .contains("job j1:3: Essential container in task exited; exit code 127.");
    assertThat(service.requests("listjobs").get(1))
        .isEqualTo("{\"arrayJobId\":\"j1\",\"jobStatus\":\"FAILED\"}");
  }

  @Test
  void jobs_thatHaveNotEnded_areLeft() {
    service.on("listjobs", "{\"jobSummaryList\": [{\"jobId\": \"j1\"}]}");
    assertThat(fleet.left()).isOne();
    service.on("listjobs", "{}");
    assertThat(fleet.left()).isZero();
  }

  @Test
  void refusal_namesTheMissingRightAndTheQueue() {
    service.on(
        "submitjob",
        "{\"__type\": \"AccessDeniedException\", \"message\": \"User: x is not authorized\"}");
    assertThatThrownBy(() -> fleet.launch(order(2)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("batch:SubmitJob")
        .hasMessageContaining("job queue yunpipe-letters")
        .hasMessageContaining("User: x is not authorized");
  }

  @Test
  void allJobs_whenStopped_areTerminatedWithTheReason() {
    service.on("listjobs", "{\"jobSummaryList\": [{\"jobId\": \"j1\"}, {\"jobId\": \"j2\"}]}");
    assertThat(fleet.stopAll("parked")).isEqualTo(2);
    assertThat(service.requests("terminatejob"))
        .containsExactlyInAnyOrder(
            "{\"jobId\":\"j1\",\"reason\":\"parked\"}", "{\"jobId\":\"j2\",\"reason\":\"parked\"}");
  }
}
