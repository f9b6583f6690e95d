package io.yunpipe.aws.template;

import io.yunpipe.spi.StageNeeds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline's stack is made from; the same values make the same template.
 *
 * @param names names of everything
 * @param account where it lives
 * @param bucket where the data are
 * @param lease how long a silent worker keeps a message
 * @param maxReceives deliveries after which a message is a dead letter
 * @param compute where workers live
 * @param stages the stages
 * @param router the router's program
 * @param mails addresses that hear of runs
 * @param labs labs (affiliates) that share the pipeline, each in a folder of its own
 * @param logDays days that log lines are kept, one of CloudWatch's values
 * @param ownRoles whether the stack makes its roles; otherwise they are there, from {@link
 *     RolesTemplate}
 * @param permissionsBoundary ARN of a policy that bounds all roles; empty: none
 * @param tags more tags for everything, such as for the bill
 * @param parked whether nothing may run
 */
public record StackSpec(
    StackNames names,
    Account account,
    Bucket bucket,
    Duration lease,
    int maxReceives,
    ComputeSpec compute,
    List<StageNeeds> stages,
    RouterProgram router,
    Set<String> mails,
    Set<String> labs,
    int logDays,
    boolean ownRoles,
    String permissionsBoundary,
    Map<String, String> tags,
    boolean parked) {
  /** Copies the collections. */
  public StackSpec {
    stages = List.copyOf(stages);
    mails = new java.util.TreeSet<>(mails);
    labs = new java.util.TreeSet<>(labs);
    tags = new java.util.TreeMap<>(tags);
  }

  /** Returns a copy with another bucket of the data. */
  public StackSpec withBucket(Bucket other) {
    return with(other, ownRoles);
  }

  /** Returns a copy whose roles are there already. */
  StackSpec withGivenRoles() {
    return with(bucket, false);
  }

  private StackSpec with(Bucket otherBucket, boolean otherRoles) {
    return new StackSpec(
        names,
        account,
        otherBucket,
        lease,
        maxReceives,
        compute,
        stages,
        router,
        mails,
        labs,
        logDays,
        otherRoles,
        permissionsBoundary,
        tags,
        parked);
  }

  /** Returns the image that a stage's worker is in; null if it runs on a machine itself. */
  @Nullable String image(StageNeeds stage) {
    if (stage.image() != null) {
      return stage.image();
    }
    return compute.workerImage().isEmpty() ? null : compute.workerImage();
  }

  /**
   * Returns how AWS signs in to fetch a stage's image; null if by itself, as in ECR, or not at all.
   */
  @Nullable Map<String, Object> credentials(StageNeeds stage) {
    String image = image(stage);
    return compute.registrySecret().isEmpty() || image == null || EcrImage.of(image).isPresent()
        ? null
        : Values.map("CredentialsParameter", compute.registrySecret());
  }

  /**
   * The bucket of the data.
   *
   * @param name its name
   * @param prefix what all keys start with; may be empty
   * @param owned whether the stack makes it; otherwise it is there already and stays as it is
   */
  public record Bucket(String name, String prefix, boolean owned) {}

  /**
   * The program of the router, stored in the bucket of programs.
   *
   * @param bucket that bucket
   * @param key the object
   * @param sha256 its checksum, hexadecimal; a new one makes a new version
   * @param memoryMib memory of the function in MiB
   */
  public record RouterProgram(String bucket, String key, String sha256, int memoryMib) {}
}
