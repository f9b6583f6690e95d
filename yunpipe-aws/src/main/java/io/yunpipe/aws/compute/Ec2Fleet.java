package io.yunpipe.aws.compute;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsFailure;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.http.XmlNode;
import io.yunpipe.aws.template.Machines;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.aws.template.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers as machines of EC2, made from the stage's launch template, whose start script runs the
 * worker and shuts the machine down when it ends, or when it has lived for too long. The router
 * ends those that outlived even that. There is a launch template for each of some subnets: where
 * one has no room, the next is asked.
 */
final class Ec2Fleet implements Fleet {
  private static final Logger logger = LoggerFactory.getLogger(Ec2Fleet.class);

  private static final List<String> ALIVE = List.of("pending", "running");
  private static final List<String> LEFT =
      List.of("pending", "running", "shutting-down", "stopping");

  /** The start script ends a machine by itself; this is for those whose script did not. */
  private static final Duration GRACE = Duration.ofMinutes(10);

  private final QueryService ec2;
  private final StackNames names;
  private final Duration maxLife;
  private final Clock clock;

  Ec2Fleet(QueryService ec2, StackNames names, Duration maxLife, Clock clock) {
    this.ec2 = ec2;
    this.names = names;
    this.maxLife = maxLife;
    this.clock = clock;
  }

  /** A machine. */
  private record Machine(String id, String state, Instant launched, String reason) {
    static Machine of(XmlNode instance) {
      String reason = instance.value("stateReason/message");
      return new Machine(
          instance.value("instanceId"),
          instance.value("instanceState/name"),
          Instant.parse(instance.value("launchTime")),
          reason.isEmpty() ? instance.value("reason") : reason);
    }

    boolean running() {
      return state.equals("running");
    }
  }

  @Override
  public Census census(String stage, long since) {
    List<Machine> machines = machines(names.ofStage(stage), ALIVE);
    int running = (int) machines.stream().filter(Machine::running).count();
    return new Census(running, machines.size() - running, Optional.empty());
  }

  @Override
  public Optional<String> lastEnd(String stage) {
    return machines(names.ofStage(stage), List.of("terminated")).stream()
        .max(Comparator.comparing(Machine::launched))
        .map(
            machine ->
                "Machine "
                    + machine.id()
                    + " of EC2 has ended: "
                    + (machine.reason().isEmpty() ? "no reason is told" : machine.reason())
                    + ". What its start script wrote shows 'aws ec2 get-console-output"
                    + " --instance-id "
                    + machine.id()
                    + "'; it must reach the package source of its system, S3 and SQS (a public"
                    + " address, a NAT gateway or endpoints)");
  }

  @Override
  public int endOld() {
    Instant tooOld = clock.instant().minus(maxLife).minus(GRACE);
    List<String> old =
        machines(names.queues() + "*", ALIVE).stream()
            .filter(machine -> machine.launched().isBefore(tooOld))
            .map(Machine::id)
            .toList();
    if (!old.isEmpty()) {
      logger.warn("Ending machines that are older than {}: {}", maxLife, old);
      terminate(old);
    }
    return old.size();
  }

  /** Returns machines of the pipeline whose name is so; a star stands for anything. */
  private List<Machine> machines(String name, List<String> states) {
    List<Machine> machines = new ArrayList<>();
    String next = "";
    do {
      Map<String, String> asked = new TreeMap<>();
      asked.put("Filter.1.Name", "tag:Name");
      asked.put("Filter.1.Value.1", name);
      // Anybody may give a machine any name.
      asked.put("Filter.2.Name", "tag:" + Tags.STACK);
      asked.put("Filter.2.Value.1", names.stack());
      asked.put("Filter.3.Name", "instance-state-name");
      for (int i = 0; i < states.size(); i++) {
        asked.put("Filter.3.Value." + (i + 1), states.get(i));
      }
      asked.put("MaxResults", "1000");
      if (!next.isEmpty()) {
        asked.put("NextToken", next);
      }
      XmlNode answer = ec2.call("DescribeInstances", asked, "machines named " + name);
      answer.all("reservationSet/item/instancesSet/item").stream()
          .map(Machine::of)
          .forEach(machines::add);
      next = answer.value("nextToken");
    } while (!next.isEmpty());
    return machines;
  }

  @Override
  public void launch(Order order) {
    BackendException noRoom = null;
    for (int subnet = 1; subnet <= Machines.MAX_SUBNETS; subnet++) {
      try {
        launch(order, subnet);
        return;
      } catch (BackendException e) {
        if (noRoom != null && absent(e)) {
          throw noRoom;
        }
        if (!refused(e, "Insufficient") && !refused(e, "Unsupported")) {
          throw e;
        }
        logger.info("No room for workers in subnet {} of its stage: {}", subnet, e.getMessage());
        noRoom = e;
      }
    }
    if (noRoom != null) {
      throw noRoom;
    }
  }

  /** Of what is not there a policy cannot see the tags, so it may be denied. */
  private static boolean absent(BackendException failure) {
    return refused(failure, "InvalidLaunchTemplateName.NotFound")
        || (failure.getCause() instanceof AwsRefusal refusal && AwsFailure.denied(refusal.error()));
  }

  private static boolean refused(BackendException failure, String code) {
    return failure.getCause() instanceof AwsRefusal refusal
        && refusal.error().code().startsWith(code);
  }

  private void launch(Order order, int subnet) {
    String name = Machines.template(names, order.stage(), subnet);
    Map<String, String> asked = new TreeMap<>();
    asked.put("LaunchTemplate.LaunchTemplateName", name);
    asked.put("LaunchTemplate.Version", "$Latest");
    // Some are better than none where there is no room for all.
    asked.put("MinCount", "1");
    asked.put("MaxCount", Integer.toString(order.count()));
    asked.put("ClientToken", order.token() + "-" + subnet);
    asked.put("InstanceInitiatedShutdownBehavior", "terminate");
    if (order.instanceType() != null) {
      asked.put("InstanceType", order.instanceType());
    }
    XmlNode answer = ec2.call("RunInstances", asked, "launch template " + name);
    logger.info(
        "Started machines {}: stage={}",
        answer.all("instancesSet/item").stream().map(item -> item.value("instanceId")).toList(),
        order.stage());
  }

  @Override
  public int stopAll(String reason) {
    List<String> ids = machines(names.queues() + "*", ALIVE).stream().map(Machine::id).toList();
    if (!ids.isEmpty()) {
      logger.info("Ending {} machines: {}", ids.size(), reason);
      terminate(ids);
    }
    return ids.size();
  }

  @Override
  public int left() {
    return machines(names.queues() + "*", LEFT).size();
  }

  private void terminate(List<String> ids) {
    Map<String, String> asked = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      asked.put("InstanceId." + (i + 1), ids.get(i));
    }
    XmlNode unused = ec2.call("TerminateInstances", asked, "machines " + String.join(", ", ids));
  }
}
