package io.yunpipe.aws.compute;

import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.http.XmlNode;
import io.yunpipe.aws.template.StackNames;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers as machines of EC2, made from the stage's launch template, whose start script runs the
 * worker and shuts the machine down when it ends, or when it has lived for too long. Whoever counts
 * them ends those that outlived even that.
 */
final class Ec2Fleet implements Fleet {
  private static final Logger logger = LoggerFactory.getLogger(Ec2Fleet.class);

  /** The launch template gives machines its own name. */
  private static final String TAG = "Name";

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

  /** A machine that has not ended. */
  private record Machine(String id, boolean running, Instant launched) {
    static Machine of(XmlNode instance) {
      return new Machine(
          instance.value("instanceId"),
          instance.value("instanceState/name").equals("running"),
          Instant.parse(instance.value("launchTime")));
    }
  }

  @Override
  public Census census(String stage) {
    List<Machine> machines = machines(names.ofStage(stage));
    Instant tooOld = clock.instant().minus(maxLife).minus(GRACE);
    List<Machine> old = machines.stream().filter(one -> one.launched().isBefore(tooOld)).toList();
    if (!old.isEmpty()) {
      logger.warn(
          "Ending {} machines of stage {} that are older than {}", old.size(), stage, maxLife);
      terminate(old.stream().map(Machine::id).toList());
    }
    int running = (int) machines.stream().filter(Machine::running).count();
    return new Census(
        (int) (running - old.stream().filter(Machine::running).count()),
        (int) (machines.size() - running - old.stream().filter(one -> !one.running()).count()),
        Optional.empty());
  }

  /** Returns machines whose tag has a value; a star stands for anything. */
  private List<Machine> machines(String value) {
    List<Machine> machines = new ArrayList<>();
    String next = "";
    do {
      Map<String, String> asked = new TreeMap<>();
      asked.put("Filter.1.Name", "tag:" + TAG);
      asked.put("Filter.1.Value.1", value);
      asked.put("Filter.2.Name", "instance-state-name");
      asked.put("Filter.2.Value.1", "pending");
      asked.put("Filter.2.Value.2", "running");
      asked.put("MaxResults", "1000");
      if (!next.isEmpty()) {
        asked.put("NextToken", next);
      }
      XmlNode answer = ec2.call("DescribeInstances", asked, "machines tagged " + TAG + "=" + value);
      answer.all("reservationSet/item/instancesSet/item").stream()
          .map(Machine::of)
          .forEach(machines::add);
      next = answer.value("nextToken");
    } while (!next.isEmpty());
    return machines;
  }

  @Override
  public void launch(Order order) {
    String name = names.ofStage(order.stage());
    Map<String, String> asked = new TreeMap<>();
    asked.put("LaunchTemplate.LaunchTemplateName", name);
    asked.put("LaunchTemplate.Version", "$Latest");
    // Some are better than none where there is no room for all.
    asked.put("MinCount", "1");
    asked.put("MaxCount", Integer.toString(order.count()));
    asked.put("ClientToken", order.token());
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
    List<String> ids = machines(names.queues() + "*").stream().map(Machine::id).toList();
    if (!ids.isEmpty()) {
      logger.info("Ending {} machines: {}", ids.size(), reason);
      terminate(ids);
    }
    return ids.size();
  }

  private void terminate(List<String> ids) {
    Map<String, String> asked = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      asked.put("InstanceId." + (i + 1), ids.get(i));
    }
    XmlNode unused = ec2.call("TerminateInstances", asked, "machines " + String.join(", ", ids));
  }
}
