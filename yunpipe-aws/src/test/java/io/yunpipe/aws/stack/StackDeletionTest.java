package io.yunpipe.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.aws.http.TestProxy;
import io.yunpipe.aws.stack.StackDeletion.Kept;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the emulator of CloudFormation does not do: resources that cannot be deleted. */
class StackDeletionTest {
  private final SaidSteps said = new SaidSteps(true);

  private CallProxy service;
  private Cloud cloud;

  @BeforeEach
  void start() throws IOException {
    service = new CallProxy(URI.create("http://127.0.0.1:1"));
    service.always("DeleteStack", "<R/>");
    service.always("DescribeStackEvents", "<R/>");
    cloud = MotoCloud.at(service.endpoint());
  }

  @AfterEach
  void stop() {
    cloud.http().close();
    service.close();
  }

  private Kept delete(String... statuses) {
    service.next(
        "DescribeStacks",
        Arrays.stream(statuses)
            .map(
                status ->
                    CallProxy.says(
                        """
                        <R><DescribeStacksResult><Stacks><member><StackId>id</StackId>
                        <StackName>s</StackName><StackStatus>%s</StackStatus></member></Stacks>
                        </DescribeStacksResult></R>"""
                            .formatted(status)))
            .toArray(TestProxy.Fault[]::new));
    CloudFormation stacks = cloud.cloudFormation();
    return new StackDeletion(stacks, new StackWait(stacks, cloud.pause(), cloud.clock()))
        .delete("s", said);
  }

  private void stuckCluster() {
    service.always(
        "ListStackResources",
        """
        <R><ListStackResourcesResult><StackResourceSummaries>
        <member><LogicalResourceId>Cluster</LogicalResourceId>
        <PhysicalResourceId>c</PhysicalResourceId><ResourceType>AWS::ECS::Cluster</ResourceType>
        <ResourceStatus>DELETE_FAILED</ResourceStatus></member>
        </StackResourceSummaries></ListStackResourcesResult></R>""");
  }

  @Test
  void stack_whoseDeletionFailsOnce_isDeletedWhole() {
    stuckCluster();
    Kept kept = delete("CREATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_FAILED", "DELETE_COMPLETE");
    assertThat(kept).isEqualTo(Kept.NOTHING);
    assertThat(said.steps).containsExactly("Deleting stack s", "Deleting stack s once more");
  }

  @Test
  void stack_whoseDeletionFailsTwice_isDeletedWithoutWhatIsInTheWay() {
    stuckCluster();
    Kept kept = delete("CREATE_COMPLETE", "DELETE_FAILED", "DELETE_FAILED", "DELETE_COMPLETE");
    assertThat(kept.lines()).singleElement().asString().contains("AWS::ECS::Cluster c");
    assertThat(said.steps)
        .containsExactly(
            "Deleting stack s",
            "Deleting stack s once more",
            "Deleting stack s without what cannot be deleted");
  }

  @Test
  void stack_whoseDeletionFailedBefore_isTriedWhole_beforeAnythingIsLeft() {
    stuckCluster();
    assertThat(delete("DELETE_FAILED", "DELETE_COMPLETE")).isEqualTo(Kept.NOTHING);
    assertThat(said.steps).containsExactly("Deleting stack s");
  }
}
