package io.yunpipe.aws.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where workers have their addresses. A template without subnets asks for them. */
final class Network {
  private final ComputeSpec compute;

  Network(ComputeSpec compute) {
    this.compute = compute;
  }

  void addTo(Parts parts, StackNames names) {
    if (compute.subnets().isEmpty()) {
      parts.parameter("Subnets", "List<AWS::EC2::Subnet::Id>", "Subnets of the workers.");
      if (compute.securityGroups().isEmpty() && compute.vpc().isEmpty()) {
        parts.parameter("Vpc", "AWS::EC2::VPC::Id", "The network of the subnets.");
      }
    }
    if (compute.securityGroups().isEmpty()) {
      // Without rules, nobody gets in and everything gets out: to services, and what jobs fetch.
      parts.add(
          "SecurityGroup",
          "AWS::EC2::SecurityGroup",
          Values.map(
              "GroupDescription",
              "Workers of " + names.stack() + ": nobody calls them.",
              "VpcId",
              vpc()));
    }
  }

  private @Nullable Object vpc() {
    if (!compute.vpc().isEmpty()) {
      return compute.vpc();
    }
    return compute.subnets().isEmpty() ? Values.ref("Vpc") : null;
  }

  Object subnets() {
    return compute.subnets().isEmpty() ? Values.ref("Subnets") : compute.subnets();
  }

  /** Returns those that launch templates name, one each; of those asked for only the first. */
  List<Object> subnets(int most) {
    return compute.subnets().isEmpty()
        ? List.of(Values.map("Fn::Select", List.of(0, Values.ref("Subnets"))))
        : List.copyOf(compute.subnets().subList(0, Math.min(most, compute.subnets().size())));
  }

  Object subnetText() {
    return compute.subnets().isEmpty()
        ? Values.map("Fn::Join", List.of(",", Values.ref("Subnets")))
        : String.join(",", compute.subnets());
  }

  List<Object> groups() {
    return compute.securityGroups().isEmpty()
        ? List.of(Values.attribute("SecurityGroup", "GroupId"))
        : List.copyOf(compute.securityGroups());
  }

  Object groupText() {
    return compute.securityGroups().isEmpty()
        ? Values.attribute("SecurityGroup", "GroupId")
        : String.join(",", compute.securityGroups());
  }
}
