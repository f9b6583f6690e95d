package io.yunpipe.aws.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.Resources;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.JsonService;
import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.http.TestHttp;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.testkit.emulator.Moto;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engines' calls against an emulator of their control planes, which starts nothing. */
class EmulatedFleetsTest {
  private static final StackNames NAMES = new StackNames("yunpipe-", "letters");

  private static Moto moto;
  private static AwsHttp http;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    moto = Moto.start(folder);
    http = TestHttp.open(Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    if (moto != null) {
      http.close();
      moto.close();
    }
  }

  private static Order order(String stage, int count, String token) {
    return new Order(stage, Resources.DEFAULT, null, count, token);
  }

  private static Ec2Fleet machines(Clock clock, Duration maxLife) {
    QueryService ec2 = new QueryService(http, "ec2", moto.endpoint(), "2016-11-15");
    return new Ec2Fleet(ec2, NAMES, maxLife, clock);
  }

  private static void template(String stage) throws Exception {
    template(stage, NAMES.stack());
  }

  private static void template(String stage, String stack) throws Exception {
    moto.aws(
        "ec2",
        "create-launch-template",
        "--launch-template-name",
        NAMES.ofStage(stage),
        "--launch-template-data",
        """
        {"ImageId": "ami-12c6146b", "InstanceType": "c7i.large", "TagSpecifications": [
          {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "%s"},
            {"Key": "yunpipe:stack", "Value": "%s"}]}]}
        """
            .formatted(NAMES.ofStage(stage), stack));
  }

  @Test
  void machines_ofAStage_areStartedCountedAndEnded() throws Exception {
    template("upper");
    template("lower");
    Ec2Fleet fleet = machines(Clock.systemUTC(), Duration.ofHours(1));
    // The emulator starts as few as are allowed, which is one of each order.
    List.of("a1", "a2", "a3").forEach(token -> fleet.launch(order("upper", 2, token)));
    fleet.launch(order("lower", 1, "b"));
    assertThat(fleet.census("upper", 0).alive()).isEqualTo(3);
    assertThat(fleet.census("lower", 0).alive()).isEqualTo(1);
    assertThat(fleet.stopAll("parked")).isEqualTo(4);
    assertThat(fleet.census("upper", 0).alive()).isZero();
  }

  @Test
  void machine_thatOutlivedItsEnd_isEndedBySweep_withoutAnyDemand() throws Exception {
    template("old");
    machines(Clock.systemUTC(), Duration.ofHours(1)).launch(order("old", 2, "c"));
    Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
    assertThat(machines(tomorrow, Duration.ofHours(25)).endOld()).isZero();
    assertThat(machines(tomorrow, Duration.ofHours(1)).census("old", 0).alive()).isOne();
    assertThat(machines(tomorrow, Duration.ofHours(1)).endOld()).isOne();
    Ec2Fleet fleet = machines(Clock.systemUTC(), Duration.ofHours(1));
    assertThat(fleet.census("old", 0).alive()).isZero();
    assertThat(fleet.lastEnd("old").orElse(""))
        .contains("of EC2 has ended")
        .contains("get-console-output");
  }

  @Test
  void machine_thatOnlyHasOurName_isLeftAlone() throws Exception {
    template("theirs", "another-stack");
    Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
    Ec2Fleet fleet = machines(tomorrow, Duration.ofHours(1));
    fleet.launch(order("theirs", 1, "t"));
    assertThat(fleet.census("theirs", 0).alive()).isZero();
    assertThat(fleet.endOld()).isZero();
    assertThat(fleet.stopAll("parked")).isZero();
    String state =
        moto.aws(
            "ec2",
            "describe-instances",
            "--filters",
            "Name=tag:Name,Values=" + NAMES.ofStage("theirs"),
            "--query",
            "Reservations[0].Instances[0].State.Name",
            "--output",
            "text");
    assertThat(state.strip()).isEqualTo("running");
  }

  @Test
  void machines_withoutATemplate_areRefusedByName() {
    assertThatThrownBy(
            () -> machines(Clock.systemUTC(), Duration.ofHours(1)).launch(order("none", 1, "d")))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("RunInstances")
        .hasMessageContaining("yunpipe-letters_none");
  }

  @Test
  void tasks_areStartedAndStopped() throws Exception {
    moto.aws("ecs", "create-cluster", "--cluster-name", NAMES.stack());
    moto.aws(
        "ecs",
        "register-task-definition",
        "--family",
        NAMES.ofStage("upper"),
        "--requires-compatibilities",
        "FARGATE",
        "--network-mode",
        "awsvpc",
        "--cpu",
        "1024",
        "--memory",
        "2048",
        "--container-definitions",
        "[{\"name\": \"worker\", \"image\": \"x\", \"memory\": 2048}]");
    String subnet =
        moto.aws("ec2", "describe-subnets", "--query", "Subnets[0].SubnetId", "--output", "text")
            .strip();
    String group =
        moto.aws(
                "ec2",
                "describe-security-groups",
                "--query",
                "SecurityGroups[0].GroupId",
                "--output",
                "text")
            .strip();
    JsonService ecs =
        JsonService.targeted(
            http, "ecs", moto.endpoint(), "AmazonEC2ContainerServiceV20141113", "1.1", Map.of());
    EcsFleet fleet =
        new EcsFleet(
            ecs,
            NAMES,
            Capacity.FARGATE,
            () -> new Network(List.of(subnet), List.of(group), true),
            Duration.ofHours(1),
            Clock.systemUTC());
    fleet.launch(order("upper", 12, "e"));
    // The emulator does not find tasks by their family, so they are counted as they are stopped.
    assertThat(fleet.stopAll("parked")).isEqualTo(12);
  }
}
