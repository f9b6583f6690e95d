package io.yunpipe.aws.template;

import io.yunpipe.spi.StageNeeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Machines of EC2 that start the worker themselves: a launch template per stage and subnet, since a
 * call that starts from a template cannot name another subnet.
 */
final class MachineParts {
  /** Credentials only for who can ask twice, and not from within a container's own network. */
  static final Map<String, Object> METADATA =
      Values.map("HttpTokens", "required", "HttpPutResponseHopLimit", 1, "HttpEndpoint", "enabled");

  private final StackSpec spec;
  private final Network network;
  private final RoleNames roles;

  MachineParts(StackSpec spec, Network network, RoleNames roles) {
    this.spec = spec;
    this.network = network;
    this.roles = roles;
  }

  void addTo(Parts parts) {
    List<Object> subnets = network.subnets(Machines.MAX_SUBNETS);
    for (StageNeeds stage : spec.stages()) {
      for (int i = 0; i < subnets.size(); i++) {
        template(parts, stage, i + 1, subnets.get(i));
      }
    }
  }

  private void template(Parts parts, StageNeeds stage, int number, Object subnet) {
    ComputeSpec compute = spec.compute();
    Map<String, Object> data =
        Values.map(
            // Looked up when a machine starts, so an old template starts no old system.
            "ImageId", "resolve:ssm:" + compute.image(),
            "InstanceType", Machines.of(compute, stage).get(0),
            "InstanceInitiatedShutdownBehavior", "terminate",
            "IamInstanceProfile", Values.map("Arn", roles.profileArn(Permissions.INSTANCE)),
            "MetadataOptions", METADATA,
            "BlockDeviceMappings", disk("/dev/xvda", diskGib(stage)),
            "NetworkInterfaces",
                List.of(
                    Values.map(
                        "DeviceIndex",
                        0,
                        "AssociatePublicIpAddress",
                        compute.publicIp(),
                        "DeleteOnTermination",
                        true,
                        "Groups",
                        network.groups(),
                        "SubnetId",
                        subnet)),
            "UserData", MachineScript.encoded(spec, stage));
    if (compute.reclaimable()) {
      data.put(
          "InstanceMarketOptions",
          Values.map(
              "MarketType",
              "spot",
              "SpotOptions",
              Values.map(
                  "InstanceInterruptionBehavior", "terminate",
                  "SpotInstanceType", "one-time")));
    }
    data.put(
        "TagSpecifications",
        List.of(tagged("instance", parts, stage), tagged("volume", parts, stage)));
    parts.add(
        LogicalId.of(number == 1 ? "Machine" : "Machine" + number + "x", stage.name()),
        "AWS::EC2::LaunchTemplate",
        Values.map(
            "LaunchTemplateName", Machines.template(spec.names(), stage.name(), number),
            "TagSpecifications", tags("launch-template", parts),
            "LaunchTemplateData", data));
  }

  private static int diskGib(StageNeeds stage) {
    return (int) Math.min(16_000, 20 + (stage.resources().scratchMib() + 1023) / 1024);
  }

  static List<Object> tags(String type, Parts parts) {
    return List.of(Values.map("ResourceType", type, "Tags", parts.tagList()));
  }

  private Object tagged(String type, Parts parts, StageNeeds stage) {
    List<Object> all = new ArrayList<>(parts.tagList());
    // By this the router finds them.
    all.add(Values.map("Key", "Name", "Value", spec.names().ofStage(stage.name())));
    all.add(Values.map("Key", Tags.STAGE, "Value", stage.name()));
    return Values.map("ResourceType", type, "Tags", all);
  }

  static List<Object> disk(String device, int gib) {
    return List.of(
        Values.map(
            "DeviceName",
            device,
            "Ebs",
            Values.map(
                "DeleteOnTermination",
                true,
                "Encrypted",
                true,
                "VolumeSize",
                gib,
                "VolumeType",
                "gp3")));
  }
}
