package io.yunpipe.aws.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.Resources;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.StackNames;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EcsFleetTest {
  private static final Network NETWORK = new Network(List.of("subnet-1"), List.of("sg-1"), true);

  private FakeService service;

  @BeforeEach
  void start() throws IOException {
    service = new FakeService(Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private EcsFleet fleet(Capacity capacity) {
    return new EcsFleet(
        service.ecs(), new StackNames("yunpipe-", "letters"), capacity, () -> NETWORK);
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
    Census census = fleet(Capacity.FARGATE).census("upper");
    assertThat(census.starting()).isEqualTo(2);
    assertThat(census.problem().orElse(""))
        .contains("CannotPullContainerError: no such image")
        .contains("registry");
  }
}
