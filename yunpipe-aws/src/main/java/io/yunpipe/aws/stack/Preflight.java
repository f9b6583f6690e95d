package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.ConfigurationException;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.stack.Blueprint.Network;
import io.yunpipe.aws.template.Account;
import io.yunpipe.aws.template.ComputeSpec;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.spi.StageNeeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at everything that would make a set-up fail, before anything is made. */
final class Preflight {
  private final Cloud cloud;
  private final Blueprint blueprint;
  private final List<String> problems = new ArrayList<>();

  Preflight(Cloud cloud, Blueprint blueprint) {
    this.cloud = cloud;
    this.blueprint = blueprint;
  }

  /**
   * What costs few calls and is needed to know whether there is anything to do.
   *
   * @param program the router's program
   * @param images images by stage, with their digests where they are known
   */
  record Inputs(Program program, Map<String, String> images) {}

  /**
   * Looks at the definition, the program and the images.
   *
   * @throws ConfigurationException with all problems
   */
  Inputs inputs(SetUpListener listener) {
    String name = blueprint.names().pipeline();
    if (name.equals("bootstrap") || name.endsWith("-roles")) {
      problems.add(
          "name: a stack of yunpipe's own is called like pipeline "
              + name
              + "; give the pipeline another name");
    }
    blueprint.stages().forEach(this::check);
    ComputeSpec compute = blueprint.compute();
    if (compute.engine() == Engine.EC2_SSM
        && (compute.capacity() == Capacity.FARGATE
            || compute.capacity() == Capacity.FARGATE_SPOT)) {
      problems.add(
          "yunpipe.aws.capacity: with compute = ec2-ssm workers run on machines; set capacity to"
              + " ec2 or spot");
    }
    @Nullable Program program = checked(blueprint::program);
    Map<String, String> images = new TreeMap<>();
    Images looked = new Images(cloud, compute.architecture());
    for (StageNeeds stage : blueprint.stages()) {
      String image = image(stage);
      if (!image.isEmpty()) {
        images.put(stage.name(), looked.pinned(stage.name(), image, problems, listener));
      }
    }
    done();
    if (program == null) {
      throw new IllegalStateException("a program or a problem");
    }
    return new Inputs(program, images);
  }

  private String image(StageNeeds stage) {
    @Nullable String own = stage.image();
    return own == null ? blueprint.compute().workerImage() : own;
  }

  private void check(StageNeeds stage) {
    if (stage.function() != null) {
      problems.add(
          "stage "
              + stage.name()
              + " is a Java function, which runs only in the program that submits. Set"
              + " yunpipe.aws.compute = threads, or make it a command in an image");
    } else if (image(stage).isEmpty() && blueprint.compute().engine() != Engine.EC2_SSM) {
      problems.add(
          "stage "
              + stage.name()
              + " has no container image, which AWS needs to run it. Give its algorithm one, set"
              + " yunpipe.aws.worker-image for all that have none, or use compute = ec2-ssm with"
              + " an AMI that has the program");
    }
  }

  /**
   * Looks for the network and at quotas.
   *
   * @throws ConfigurationException with all problems
   */
  Network network(Account account, SetUpListener listener) {
    Network network =
        checked(
            () ->
                new Networks(cloud.ec2())
                    .find(blueprint.compute(), blueprint.publicIp(), problems));
    new Quotas(cloud).check(blueprint, account, listener);
    done();
    return network == null ? Network.UNKNOWN : network;
  }

  private <T> @Nullable T checked(Supplier<T> look) {
    try {
      return look.get();
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
    } catch (BackendException e) {
      problems.add(e.getMessage());
    }
    return null;
  }

  private void done() {
    if (!problems.isEmpty()) {
      throw new ConfigurationException("of the backend aws", problems);
    }
  }
}
