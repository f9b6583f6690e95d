package io.yunpipe.aws;

import io.yunpipe.aws.cost.PriceTable;
import io.yunpipe.aws.template.ComputeSpec.Architecture;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The settings of what init sets up, as reference.conf explains them.
 *
 * @param capacity on what workers run
 * @param architecture for which processors
 * @param maxWorkers most workers of one stage at once
 * @param instanceTypes machine types to choose from; empty: chosen
 * @param subnets subnets; empty: those of the default network
 * @param securityGroups security groups; empty: one of the stack's own
 * @param publicIp whether workers get a public address; empty: in the default network
 * @param ami SSM parameter that holds the image of machines; empty: Amazon Linux's
 * @param maxLife longest life of a worker's machine
 * @param workerImage image for stages that have none of their own
 * @param registrySecret ARN of the secret with which AWS fetches images from other registries than
 *     ECR; empty: none
 * @param mails addresses that hear of runs
 * @param labs labs that share the pipeline
 * @param logDays days that log lines are kept
 * @param routerMemoryMib memory of the router
 * @param programs file with the router's program; empty: the one that this library brings
 * @param createRoles whether the stack makes its roles
 * @param permissionsBoundary ARN of a policy that bounds all roles
 * @param tags more tags
 * @param priceFile file with prices; empty: those that this library brings
 */
record CloudSettings(
    Capacity capacity,
    Architecture architecture,
    int maxWorkers,
    List<String> instanceTypes,
    List<String> subnets,
    List<String> securityGroups,
    java.util.Optional<Boolean> publicIp,
    String ami,
    Duration maxLife,
    String workerImage,
    String registrySecret,
    List<String> mails,
    List<String> labs,
    int logDays,
    int routerMemoryMib,
    String programs,
    boolean createRoles,
    String permissionsBoundary,
    Map<String, String> tags,
    String priceFile) {

  /** Returns the prices that count. */
  PriceTable prices() {
    return priceFile.isEmpty() ? PriceTable.bundled() : PriceTable.of(Path.of(priceFile));
  }

  static CloudSettings of(SettingReader read) {
    return new CloudSettings(
        read.choice("capacity", Capacity.FARGATE),
        read.choice("architecture", Architecture.X86_64),
        (int) read.whole("max-workers", 100, 1, 10_000),
        read.list("instance-types", "[a-z0-9-]+(\\.[a-z0-9-]+)?", "types such as c7g.large"),
        read.list("subnets", "subnet-[0-9a-f]+", "subnets such as subnet-0123456789abcdef0"),
        read.list("security-groups", "sg-[0-9a-f]+", "groups such as sg-0123456789abcdef0"),
        read.autoFlag("public-ip"),
        read.text(
            "ami", "", "(/[A-Za-z0-9_./-]+)?", "the name of an SSM parameter such as /my/ami"),
        read.duration("max-life", Duration.ofHours(24), 300, Duration.ofDays(14).toSeconds()),
        read.text("worker-image", "", "\\S*", "a container image"),
        read.text(
            "registry-secret",
            "",
            "(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+)?",
            "the ARN of a secret of Secrets Manager"),
        read.list("mails", "[^@\\s]+@[^@\\s]+", "addresses such as someone@example.org"),
        read.list("labs", "[a-z0-9][a-z0-9-]{0,62}", "names of a-z, 0-9 and -"),
        (int) read.whole("log-days", 30, 1, 3653),
        (int) read.whole("router-memory-mib", 1024, 256, 10_240),
        read.text("programs", ""),
        read.flag("create-roles", true),
        read.text("permissions-boundary", "", "(arn:\\S+)?", "the ARN of a policy"),
        read.pairs("tags"),
        read.text("prices", ""));
  }
}
