package io.yunpipe.aws.compute;

import io.yunpipe.aws.http.JsonService;
import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.QueueDepth;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

/**
 * Makes compute for the engines that a stack may have.
 *
 * @param names names of the pipeline's things
 * @param store where turns are kept
 * @param depths how full a stage's queue is
 * @param most limit of workers of one stage
 * @param clock the time
 */
public record Fleets(
    StackNames names,
    ObjectStore store,
    Function<String, QueueDepth> depths,
    int most,
    Clock clock) {

  /** Returns workers as jobs of AWS Batch. */
  public FleetCompute batch(JsonService batch) {
    return over(new BatchFleet(batch, names, clock));
  }

  /**
   * Returns workers as tasks of ECS.
   *
   * @param network where tasks are; asked for when the first is started
   * @param maxLife after which a task is ended whatever it does
   */
  public FleetCompute ecs(
      JsonService ecs, Capacity capacity, Network.Source network, Duration maxLife) {
    return over(new EcsFleet(ecs, names, capacity, network, maxLife, clock));
  }

  /**
   * Returns workers as machines of EC2.
   *
   * @param maxLife after which a machine is ended whatever it does
   */
  public FleetCompute machines(QueryService ec2, Duration maxLife) {
    return over(new Ec2Fleet(ec2, names, maxLife, clock));
  }

  private FleetCompute over(Fleet fleet) {
    return new FleetCompute(fleet, new Turns(store, names.pipeline(), clock), depths, most, clock);
  }
}
