package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.CleanUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.stack.CloudFormation.Resource;
import io.yunpipe.aws.template.StackNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Removes a pipeline's stack and its bucket, and proves it by listing. */
final class StackRemoval {
  private final StackLife life;
  private final Cloud cloud;
  private final CloudFormation stacks;
  private final StackWait wait;
  private final Blueprint blueprint;
  private final StackNames names;
  private final List<String> removed = new ArrayList<>();
  private final List<String> kept = new ArrayList<>();

  StackRemoval(
      StackLife life, Cloud cloud, CloudFormation stacks, StackWait wait, Blueprint blueprint) {
    this.life = life;
    this.cloud = cloud;
    this.stacks = stacks;
    this.wait = wait;
    this.blueprint = blueprint;
    this.names = blueprint.names();
  }

  CleanUp remove(boolean data, Runnable workers, SetUpListener listener) {
    Buckets buckets = cloud.buckets();
    boolean bucket = buckets.exists(life.bucket());
    Optional<StackView> view = wait.settled(names.stack(), listener);
    Set<String> gone = Set.of();
    if (bucket && life.deafen(buckets)) {
      removed.add("entry " + names.stack() + " of bucket " + life.bucket() + "'s notifications");
    }
    if (view.isPresent()) {
      gone = stack(view.get(), workers, listener);
    }
    bucket(data, buckets, listener);
    leftovers(gone, listener);
    if (stacks.describe(names.bootstrap()).isPresent()) {
      kept.add(
          "stack "
              + names.bootstrap()
              + ": programs and images of all pipelines of this account and region");
    }
    return new CleanUp(removed, kept);
  }

  private Set<String> stack(StackView view, Runnable workers, SetUpListener listener) {
    List<Resource> resources = stacks.resources(view.id());
    if (view.state().usable()) {
      quiet(workers, listener);
    } else {
      end(workers, listener);
    }
    StackDeletion.Kept left = new StackDeletion(stacks, wait).delete(names.stack(), listener);
    kept.addAll(left.lines());
    removed.add("stack " + names.stack() + " with " + resources.size() + " resources");
    return resources.stream().map(Resource::physical).collect(Collectors.toSet());
  }

  /** Nothing may start workers while what they need is deleted. */
  private void quiet(Runnable workers, SetUpListener listener) {
    try {
      life.park(workers, listener);
    } catch (BackendException e) {
      // To be removed matters more than to be parked first.
      listener.step("Could not park first: " + e.getMessage());
      end(workers, listener);
    }
  }

  private static void end(Runnable workers, SetUpListener listener) {
    try {
      workers.run();
    } catch (BackendException e) {
      // There may be nothing yet, or nothing any more, that could have workers.
      listener.step("Could not end workers: " + e.getMessage());
    }
  }

  private void bucket(boolean data, Buckets buckets, SetUpListener listener) {
    String bucket = life.bucket();
    if (!buckets.exists(bucket)) {
      return;
    }
    if (!blueprint.bucket().isEmpty()) {
      kept.add("bucket " + bucket + ": it is not yunpipe's (yunpipe.aws.bucket)");
    } else if (!names.stack().equals(buckets.tags(bucket).get(StackLife.TAG))) {
      kept.add(
          "bucket " + bucket + ": no tag " + StackLife.TAG + " says that it is the pipeline's");
    } else if (!data) {
      kept.add("bucket " + bucket + ": data is kept (KEEP_DATA); init takes it up again");
    } else {
      long versions = new Emptying(buckets).remove(bucket, listener);
      removed.add("bucket " + bucket + " with " + versions + " versions of objects");
    }
  }

  private void leftovers(Set<String> gone, SetUpListener listener) {
    try {
      for (String arn : new Tagged(cloud).arns(names.stack())) {
        String name = arn.substring(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
        boolean told = kept.stream().anyMatch(line -> line.contains(name));
        if (!told && gone.stream().noneMatch(one -> one.equals(arn) || one.endsWith(name))) {
          kept.add(arn + ": still tagged as the pipeline's; yunpipe orphans looks again");
        }
      }
    } catch (BackendException e) {
      listener.step("Could not look for what is left by tag: " + e.getMessage());
    }
  }
}
