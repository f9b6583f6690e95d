package io.yunpipe.aws.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.Resources;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EcsFleetTest {
  private static final Network NETWORK = new Network(List.of("subnet-1"), List.of("sg-1"), true);

  private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_800_000_000));

  private FakeService service;

  @BeforeEach
  void start() throws IOException {
    service = new FakeService(clock);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private EcsFleet fleet(Capacity capacity) {
    return new EcsFleet(
        service.ecs(),
        new StackNames("yunpipe-", "letters"),
        capacity,
        () -> NETWORK,
        Duration.ofHours(1),
        clock);
  }

  private static Order order(int count) {
    return new Order("upper", Resources.DEFAULT, "g4dn.xlarge", count, "token");
  }

  @Test
  void tasks_areStartedTenAtATime_eachWithATokenOfItsOwn() {
    fleet(Capacity.FARGATE).launch(order(23));
    List<String> calls = service.requests("RunTask");
    assertThat(calls).hasSize(3);
    assertThat(calls.get(0)).contains("\"count\":10", "\"clientToken\":\"token-0\"");
    assertThat(calls.get(2)).contains("\"count\":3", "\"clientToken\":\"token-20\"");
    assertThat(calls.get(2))
        .contains(
            "\"launchType\":\"FARGATE\"",
            "\"subnets\":[\"subnet-1\"]",
            "\"assignPublicIp\":\"ENABLED\"")
        .doesNotContain("placementConstraints");
  }

  @Test
  void capacity_decidesWhereTasksRun() {
    fleet(Capacity.FARGATE_SPOT).launch(order(1));
    fleet(Capacity.EC2).launch(order(1));
    assertThat(service.requests("RunTask").get(0))
        .contains("\"capacityProvider\":\"FARGATE_SPOT\"")
        .doesNotContain("launchType");
    assertThat(service.requests("RunTask").get(1))
        .contains("attribute:ecs.instance-type == g4dn.xlarge", "\"assignPublicIp\":\"DISABLED\"")
        .doesNotContain("launchType", "capacityProvider");
  }

  @Test
  void tasks_thatFindNoRoom_areToldAndAskedForAgain() {
    service.on(
        "RunTask",
        "{\"failures\": [{\"reason\": \"RESOURCE:MEMORY\"}, {\"reason\": \"RESOURCE:MEMORY\"}]}");
    assertThatThrownBy(() -> fleet(Capacity.EC2).launch(order(12)))
        .isInstanceOfSatisfying(
            BackendException.class, refused -> assertThat(refused.retryable()).isTrue())
        .hasMessageContaining("started 8 of 12 workers")
        .hasMessageContaining("RESOURCE:MEMORY");
  }

  @Test
  void census_tellsWhyTasksDoNotStart() {
    service.on("ListTasks", "{\"taskArns\": [\"t1\", \"t2\"]}", "{\"taskArns\": [\"t0\"]}");
    service.on(
        "DescribeTasks",
        "{\"tasks\": [{\"lastStatus\": \"PROVISIONING\"}, {\"lastStatus\": \"PENDING\"}]}",
        """
        {"tasks": [{"taskArn": "t0", "lastStatus": "STOPPED", "stopCode": "TaskFailedToStart",
          "stoppedReason": "CannotPullContainerError: no such image"}]}
        """);
    Census census = fleet(Capacity.FARGATE).census("upper", 0);
    assertThat(census.starting()).isEqualTo(2);
    assertThat(census.problem().orElse(""))
        .contains("CannotPullContainerError: no such image")
        .contains("registry");
  }

  @Test
  void taskThatFailedBefore_isNoProblemOfThoseThatStartNow() {
    service.on("ListTasks", "{\"taskArns\": [\"t1\"]}", "{\"taskArns\": [\"t0\"]}");
    service.on(
        "DescribeTasks",
        "{\"tasks\": [{\"lastStatus\": \"PENDING\"}]}",
        """
        {"tasks": [{"taskArn": "t0", "lastStatus": "STOPPED", "stopCode": "TaskFailedToStart",
          "createdAt": 1.7999990005E9, "stoppedReason": "CannotPullContainerError"}]}
        """);
    EcsFleet fleet = fleet(Capacity.FARGATE);
    assertThat(fleet.census("upper", 1_799_999_000_501L).problem()).isEmpty();
    service.on("ListTasks", "{\"taskArns\": [\"t1\"]}", "{\"taskArns\": [\"t0\"]}");
    assertThat(fleet.census("upper", 1_799_999_000_500L).problem()).isPresent();
  }

  @Test
  void lastEnd_isWhatEcsSaysOfTheNewestTaskThatStopped() {
    service.on("ListTasks", "{\"taskArns\": [\"t1\", \"t2\"]}");
    service.on(
        "DescribeTasks",
        """
        {"tasks": [
          {"taskArn": "t2", "createdAt": 2, "stopCode": "EssentialContainerExited",
           "stoppedReason": "Essential container in task exited",
           "containers": [{"exitCode": 127, "reason": "no such file"}]},
          {"taskArn": "t1", "createdAt": 1, "stoppedReason": "older"}]}
        """);
    assertThat(fleet(Capacity.FARGATE).lastEnd("upper").orElse(""))
        .contains("Task t2 of ECS")
        .contains("Essential container in task exited (exit code 127 no such file)");
  }

  @Test
  void tasks_thatLiveForTooLong_areStopped() {
    service.on("ListTasks", "{\"taskArns\": [\"young\", \"old\", \"neverStarted\"]}");
    service.on(
        "DescribeTasks",
        """
        {"tasks": [
          {"taskArn": "young", "createdAt": 1.79999E9, "startedAt": 1.7999964E9},
          {"taskArn": "old", "createdAt": 1.79999E9, "startedAt": 1.7999963E9},
          {"taskArn": "neverStarted", "createdAt": 1.79999E9}]}
        """);
    assertThat(fleet(Capacity.FARGATE).endOld()).isEqualTo(2);
    assertThat(service.requests("ListTasks").get(0)).doesNotContain("family");
    assertThat(service.requests("StopTask"))
        .hasSize(2)
        .allMatch(call -> call.contains("max-life"))
        .noneMatch(call -> call.contains("young"));
  }

  @Test
  void tasks_thatAreStopping_areLeft() {
    service.on("ListTasks", "{\"taskArns\": [\"t1\", \"t2\"]}", "{\"taskArns\": [\"t3\"]}");
    service.on(
        "DescribeTasks",
        "{\"tasks\": [{\"lastStatus\": \"DEPROVISIONING\"}, {\"lastStatus\": \"STOPPED\"}]}");
    assertThat(fleet(Capacity.FARGATE).left()).isEqualTo(2);
  }
}
