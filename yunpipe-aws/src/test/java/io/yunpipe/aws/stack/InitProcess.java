package io.yunpipe.aws.stack;

import io.yunpipe.SetUpListener;
import java.net.URI;

/** A program that sets a pipeline up: address and prefix are in its environment. */
final class InitProcess {
  private InitProcess() {}

  public static void main(String[] args) {
    Cloud cloud = MotoCloud.at(URI.create(System.getenv("STACK_TEST_ENDPOINT")));
    SmallBlueprint blueprint = SmallBlueprint.of(System.getenv("STACK_TEST_PREFIX"), "kill");
    new StackLife(cloud, blueprint, queue -> 0).init(SetUpListener.none());
    System.out.println("done");
  }
}
