package io.yunpipe.aws.stack;

import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.http.XmlNode;
import io.yunpipe.aws.stack.Blueprint.Network;
import io.yunpipe.aws.template.ComputeSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds where workers can live. */
final class Networks {
  private final QueryService ec2;

  Networks(QueryService ec2) {
    this.ec2 = ec2;
  }

  /**
   * Finds the network of the subnets that are named, or the account's default one.
   *
   * @param problems takes what is wrong
   */
  Network find(ComputeSpec compute, Optional<Boolean> publicIp, List<String> problems) {
    Network network =
        compute.subnets().isEmpty()
            ? usual(publicIp.orElse(true), problems)
            : named(compute.subnets(), publicIp.orElse(false), problems);
    if (!compute.securityGroups().isEmpty() && !network.vpc().isEmpty()) {
      check(compute.securityGroups(), network.vpc(), problems);
    }
    return network;
  }

  private Network usual(boolean publicIp, List<String> problems) {
    XmlNode networks =
        ec2.call(
            "DescribeVpcs",
            Map.of("Filter.1.Name", "is-default", "Filter.1.Value.1", "true"),
            "the default network");
    String vpc = networks.value("vpcSet/item/vpcId");
    if (vpc.isEmpty()) {
      problems.add(
          "yunpipe.aws.subnets is not set, and this region of the account has no default network."
              + " Name subnets for workers, or make the default network with"
              + " 'aws ec2 create-default-vpc'");
      return Network.UNKNOWN;
    }
    List<String> subnets =
        ec2
            .call(
                "DescribeSubnets",
                Map.of(
                    "Filter.1.Name", "vpc-id",
                    "Filter.1.Value.1", vpc,
                    "Filter.2.Name", "default-for-az",
                    "Filter.2.Value.1", "true"),
                "the subnets of " + vpc)
            .all("subnetSet/item")
            .stream()
            .map(item -> item.value("subnetId"))
            .sorted()
            .toList();
    if (subnets.isEmpty()) {
      problems.add(
          "yunpipe.aws.subnets is not set, and the default network "
              + vpc
              + " has no default subnets. Name subnets for workers, or make one with"
              + " 'aws ec2 create-default-subnet'");
    }
    return new Network(vpc, subnets, publicIp);
  }

  private Network named(List<String> subnets, boolean publicIp, List<String> problems) {
    List<XmlNode> found =
        ec2.call("DescribeSubnets", filter("subnet-id", subnets), "subnets " + subnets)
            .all("subnetSet/item");
    List<String> missing = new java.util.ArrayList<>(subnets);
    found.forEach(item -> missing.remove(item.value("subnetId")));
    if (!missing.isEmpty()) {
      problems.add(
          "yunpipe.aws.subnets: there is no subnet "
              + String.join(" or ", missing)
              + " in this region of the account");
    }
    TreeSet<String> networks = new TreeSet<>();
    found.forEach(item -> networks.add(item.value("vpcId")));
    if (networks.size() > 1) {
      problems.add(
          "yunpipe.aws.subnets: the subnets are in several networks ("
              + String.join(", ", networks)
              + "); name subnets of one");
    }
    return new Network(networks.isEmpty() ? "" : networks.first(), subnets, publicIp);
  }

  private void check(List<String> groups, String vpc, List<String> problems) {
    Map<String, String> form = filter("group-id", groups);
    List<XmlNode> found =
        ec2.call("DescribeSecurityGroups", form, "security groups " + groups)
            .all("securityGroupInfo/item");
    List<String> missing = new java.util.ArrayList<>(groups);
    for (XmlNode item : found) {
      missing.remove(item.value("groupId"));
      if (!item.value("vpcId").equals(vpc)) {
        problems.add(
            "yunpipe.aws.security-groups: "
                + item.value("groupId")
                + " belongs to network "
                + item.value("vpcId")
                + ", but the subnets are in "
                + vpc);
      }
    }
    if (!missing.isEmpty()) {
      problems.add(
          "yunpipe.aws.security-groups: there is no group "
              + String.join(" or ", missing)
              + " in this region of the account");
    }
  }

  private static Map<String, String> filter(String name, List<String> values) {
    Map<String, String> form = new TreeMap<>();
    form.put("Filter.1.Name", name);
    for (int i = 0; i < values.size(); i++) {
      form.put("Filter.1.Value." + (i + 1), values.get(i));
    }
    return form;
  }
}
