package io.yunpipe.aws.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Resources;
import io.yunpipe.aws.template.StackNames;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the emulator of EC2 always has: room. */
class Ec2FleetTest {
  private static final String STARTED =
      "<R><instancesSet><item><instanceId>i-1</instanceId></item></instancesSet></R>";

  private FakeService service;
  private Ec2Fleet fleet;

  @BeforeEach
  void start() throws IOException {
    service = new FakeService(Clock.systemUTC());
    fleet =
        new Ec2Fleet(
            service.ec2(),
            new StackNames("yunpipe-", "letters"),
            Duration.ofHours(1),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private static String refusal(String code) {
    return "<R><Errors><Error><Code>"
        + code
        + "</Code><Message>in words</Message></Error></Errors></R>";
  }

  private void launch() {
    fleet.launch(new Order("upper", Resources.DEFAULT, null, 3, "token"));
  }

  @Test
  void machines_thatFindNoRoomInASubnet_areAskedForInTheNext() {
    service.on("RunInstances", refusal("InsufficientInstanceCapacity"), STARTED);
    launch();
    assertThat(service.requests("RunInstances"))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .contains("LaunchTemplateName=yunpipe-letters_upper&")
                    .contains("ClientToken=token-1&"),
            second ->
                assertThat(second)
                    .contains("LaunchTemplateName=yunpipe-letters_upper_2&")
                    .contains("ClientToken=token-2&"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"InvalidLaunchTemplateName.NotFoundException", "UnauthorizedOperation"})
  void machines_thatFindNoRoomInAnySubnet_areRefusedWithTheReason(String ofWhatIsNotThere) {
    service.on(
        "RunInstances", refusal("InsufficientFreeAddressesInSubnet"), refusal(ofWhatIsNotThere));
    assertThatThrownBy(this::launch).hasMessageContaining("InsufficientFreeAddressesInSubnet");
    assertThat(service.requests("RunInstances")).hasSize(2);
  }

  @Test
  void machines_beyondAQuota_areNotAskedForAgain() {
    service.on("RunInstances", refusal("VcpuLimitExceeded"));
    assertThatThrownBy(this::launch).hasMessageContaining("VcpuLimitExceeded");
    assertThat(service.requests("RunInstances")).hasSize(1);
  }

  @Test
  void machines_thatAreEnding_areLeft() {
    service.on("DescribeInstances", "<R/>");
    assertThat(fleet.left()).isZero();
    assertThat(service.requests("DescribeInstances").get(0))
        .contains("shutting-down")
        .contains("yunpipe%3Astack");
  }
}
