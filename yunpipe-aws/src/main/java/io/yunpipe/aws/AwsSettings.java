package io.yunpipe.aws;

import io.yunpipe.ConfigurationException;
import io.yunpipe.aws.cost.AwsPrices;
import io.yunpipe.aws.template.StackNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings below {@code yunpipe.aws}, as reference.conf explains them.
 *
 * @param region empty: looked for
 * @param profile empty: the usual places
 * @param endpoint empty: as the environment says, or AWS
 * @param bucket the bucket's name
 * @param prefix what all keys start with; may be empty
 * @param queuePrefix what the names of queues start with
 * @param pathStyle empty: with endpoints other than AWS's
 * @param fairQueues empty: with AWS
 * @param createQueues whether missing queues are made
 * @param compute who works
 * @param cpus cores of this machine that jobs may take; 0: all
 * @param memoryMib memory of this machine that jobs may take; 0: 80 %
 * @param scratch folder for attempts
 * @param containerEngine what runs images
 * @param lease how long a silent worker keeps a job
 * @param maxReceives deliveries after which a message is a dead letter
 * @param partMib size of an upload's parts
 * @param parallelism requests at once
 * @param cloud what init sets up where workers are started by AWS
 */
record AwsSettings(
    String region,
    String profile,
    String endpoint,
    String bucket,
    String prefix,
    String queuePrefix,
    Optional<Boolean> pathStyle,
    Optional<Boolean> fairQueues,
    boolean createQueues,
    Workers compute,
    double cpus,
    long memoryMib,
    String scratch,
    String containerEngine,
    Duration lease,
    int maxReceives,
    long partMib,
    int parallelism,
    CloudSettings cloud) {
  /** Who works on jobs. */
  enum Workers {
    /** AWS Batch. */
    BATCH,
    /** ECS, task by task. */
    ECS,
    /** Machines of EC2. */
    EC2_SSM,
    /** Threads of the program that submits. */
    THREADS,
    /** Somebody else starts workers. */
    EXTERNAL;

    /** Returns whether AWS starts workers, for which a stack is needed. */
    boolean ofStack() {
      return this == BATCH || this == ECS || this == EC2_SSM;
    }
  }

  /** Returns on what workers of a stack run, as prices know it. */
  AwsPrices.Hardware hardware() {
    return AwsPrices.hardware(
        cloud.capacity().name(),
        compute == Workers.EC2_SSM,
        cloud.architecture().name(),
        cloud.maxWorkers());
  }

  /**
   * Reads settings; those that are absent have their defaults.
   *
   * @throws ConfigurationException with all problems
   */
  static AwsSettings of(Map<String, String> settings) {
    SettingReader read = new SettingReader("yunpipe.aws.", settings);
    Workers compute = read.choice("compute", Workers.BATCH);
    AwsSettings result =
        new AwsSettings(
            read.text("region", "", "[a-z0-9-]*", "a region such as eu-west-1"),
            read.text("profile", ""),
            read.text(
                "endpoint",
                "",
                "(https?://[^/?#]+/?)?",
                "scheme, host and port such as http://127.0.0.1:4566"),
            bucket(read, compute),
            read.text("prefix", "", "[^/].*|", "a prefix such as team-a/, without a slash first"),
            read.text(
                "queue-prefix",
                "yunpipe-",
                "[A-Za-z0-9-]{0," + StackNames.MAX_PREFIX + "}",
                "at most " + StackNames.MAX_PREFIX + " of a-z, A-Z, 0-9 and -"),
            read.autoFlag("path-style"),
            read.autoFlag("fair-queues"),
            read.flag("create-queues", true),
            compute,
            read.number("cpus", 0, 0, 100_000),
            read.whole("memory-mib", 0, 0, Long.MAX_VALUE),
            read.text("scratch", ""),
            read.text("container-engine", "auto", ".+", "auto, docker, podman or a path"),
            read.duration("lease", Duration.ofSeconds(60), 10, Duration.ofHours(12).toSeconds()),
            (int) read.whole("max-receives", 20, 1, 1000),
            read.whole("part-mib", 8, 5, 1024),
            (int) read.whole("parallelism", 8, 1, 256),
            CloudSettings.of(read));
    List<String> problems = read.problems();
    if (!problems.isEmpty()) {
      throw new ConfigurationException("of the backend aws", problems);
    }
    return result;
  }

  private static String bucket(SettingReader read, Workers compute) {
    String name = "[A-Za-z0-9][A-Za-z0-9._-]{1,254}";
    boolean earlier =
        read.text("bucket", "").isEmpty() && !read.text("output-bucket", "").isEmpty();
    return read.text(
        earlier ? "output-bucket" : "bucket",
        "",
        // A stack makes one if none is named.
        compute.ofStack() ? "(" + name + ")?" : name,
        "the name of the bucket that holds inputs, results and state");
  }
}
