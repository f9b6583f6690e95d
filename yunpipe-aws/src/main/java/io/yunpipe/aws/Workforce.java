package io.yunpipe.aws;

import io.yunpipe.BackendException;
import io.yunpipe.aws.compute.FleetCompute;
import io.yunpipe.aws.compute.Fleets;
import io.yunpipe.aws.compute.Network;
import io.yunpipe.aws.http.JsonService;
import io.yunpipe.aws.http.XmlNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The workers that AWS starts for a pipeline, by the engine that the settings name. Thread-safe.
 */
final class Workforce {
  private final AwsSettings settings;
  private final Control control;
  private final Fleets fleets;
  private @Nullable Network network;

  Workforce(AwsSettings settings, Control control, Fleets fleets) {
    this.settings = settings;
    this.control = control;
    this.fleets = fleets;
  }

  /** Returns them. Touches no network. */
  FleetCompute compute() {
    CloudSettings cloud = settings.cloud();
    return switch (settings.compute()) {
      case BATCH ->
          fleets.batch(
              JsonService.rest(
                  control.http(), "batch", control.endpoint("Batch", "batch"), "/v1/"));
      case ECS ->
          fleets.ecs(
              JsonService.targeted(
                  control.http(),
                  "ecs",
                  control.endpoint("ECS", "ecs"),
                  "AmazonEC2ContainerServiceV20141113",
                  "1.1",
                  Map.of()),
              cloud.capacity(),
              this::network,
              cloud.maxLife());
      case EC2_SSM -> fleets.machines(control.ec2(), cloud.maxLife());
      case THREADS, EXTERNAL ->
          throw new IllegalStateException(settings.compute() + " has no workers of AWS");
    };
  }

  /** Returns where tasks are; asked for once. */
  private synchronized Network network() {
    if (network == null) {
      CloudSettings cloud = settings.cloud();
      boolean usual = cloud.subnets().isEmpty();
      network =
          new Network(
              usual ? defaultSubnets() : cloud.subnets(),
              cloud.securityGroups().isEmpty() ? ownGroup() : cloud.securityGroups(),
              cloud.publicIp().orElse(usual));
    }
    return network;
  }

  private List<String> defaultSubnets() {
    List<String> found =
        texts(
            control
                .ec2()
                .call(
                    "DescribeSubnets",
                    Map.of("Filter.1.Name", "default-for-az", "Filter.1.Value.1", "true"),
                    "the default network's subnets"),
            "subnetSet/item",
            "subnetId");
    if (found.isEmpty()) {
      throw new BackendException(
          "Region "
              + control.region()
              + " has no default network. Name subnets with yunpipe.aws.subnets.",
          null);
    }
    return found;
  }

  private List<String> ownGroup() {
    String stack = fleets.names().stack();
    List<String> found =
        texts(
            control
                .ec2()
                .call(
                    "DescribeSecurityGroups",
                    Map.of(
                        "Filter.1.Name",
                        "tag:aws:cloudformation:stack-name",
                        "Filter.1.Value.1",
                        stack),
                    "the security group of stack " + stack),
            "securityGroupInfo/item",
            "groupId");
    if (found.isEmpty()) {
      throw new BackendException(
          "There is no security group of stack "
              + stack
              + ". Pipeline.init() (yunpipe init) makes it, or name one with"
              + " yunpipe.aws.security-groups.",
          null);
    }
    return found;
  }

  private static List<String> texts(XmlNode answer, String path, String name) {
    return answer.all(path).stream().map(item -> item.value(name)).toList();
  }
}
