package io.yunpipe.aws.template;

import io.yunpipe.aws.sqs.SqsQueues;
import io.yunpipe.internal.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * Names of what a pipeline has on AWS: by them programs find each other without asking. No name of
 * a pipeline or stage has an underscore, so no two pairs share a name. Long names are shortened
 * with a hash.
 *
 * @param prefix what all names start with, such as {@code yunpipe-}; setting {@code queue-prefix}
 * @param pipeline the pipeline's name
 */
public record StackNames(String prefix, String pipeline) {
  private static final int MAX_PART = 30;
  private static final int HASH = 12;
  private static final int MAX_ROLE = 64;

  /** Most characters of the prefix. */
  public static final int MAX_PREFIX =
      SqsQueues.MAX_NAME - SqsQueues.DEAD.length() - 1 - 2 * MAX_PART;

  /** Returns the stack's name; also of its cluster, job queue, group of schedules and topic. */
  public String stack() {
    return prefix + shorten(pipeline);
  }

  /** Returns the name of the stack that all pipelines of an account and region share. */
  public String bootstrap() {
    return prefix + "bootstrap";
  }

  /** Returns what the names of all queues of the pipeline start with, and of no other's. */
  public String queues() {
    return stack() + "_";
  }

  /**
   * Returns the name of a stage's queue; also of its job definition, task definition and launch
   * template.
   */
  public String ofStage(String stage) {
    return queues() + shorten(stage);
  }

  /** Returns the name of the queue of events; no stage's name starts with a hyphen. */
  public String ingress() {
    return queues() + "-events";
  }

  /** Returns the bucket that a pipeline gets if none is named. */
  public String bucket(Account account) {
    return lower(stack() + "-" + account.id() + "-" + account.region());
  }

  /** Returns the bucket of programs and large templates. */
  public String artifacts(Account account) {
    return lower(prefix + "artifacts-" + account.id() + "-" + account.region());
  }

  /** Returns the name of the router's function. */
  public String router() {
    return stack() + "_-router";
  }

  /** Returns the topic that tells of runs. */
  public String topicArn(Account account) {
    return account.arn("sns", stack());
  }

  /** Returns the log group. */
  public String logGroup() {
    return "/yunpipe/" + stack();
  }

  /** Returns the repository of images that all pipelines share. */
  public String images() {
    return lower(prefix + "images");
  }

  /** Returns the name of the stack that has the pipeline's roles, if its own has not. */
  public String rolesStack() {
    return stack() + "-roles";
  }

  /**
   * Returns the name of a role. Roles have no region, so it is in the name.
   *
   * @param what what it is for, such as {@code job}
   */
  public String role(Account account, String what) {
    String all = stack() + "_" + account.region() + "_" + what;
    return all.length() <= MAX_ROLE
        ? all
        : all.substring(0, MAX_ROLE - HASH - what.length() - 2) + "-" + hash(all) + "_" + what;
  }

  /** Returns the ARN of a role. */
  public String roleArn(Account account, String what) {
    return account.globalArn("iam", "role/" + role(account, what));
  }

  private static String lower(String name) {
    String all = name.toLowerCase(java.util.Locale.ROOT);
    return all.length() <= 63 ? all : all.substring(0, 63 - HASH - 1) + "-" + hash(all);
  }

  private static String shorten(String name) {
    return name.length() <= MAX_PART
        ? name
        : name.substring(0, MAX_PART - HASH - 1) + "-" + hash(name);
  }

  private static String hash(String name) {
    return Sha256.of(name.getBytes(StandardCharsets.UTF_8)).substring(0, HASH);
  }
}
