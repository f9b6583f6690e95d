package io.yunpipe.aws.template;

import java.util.List;

/**
 * The template of what all pipelines of an account and region share: a bucket of programs and a
 * repository of images. No setting of a pipeline is in it, or pipelines would change it in turn.
 */
public final class BootstrapTemplate {
  private BootstrapTemplate() {}

  /**
   * Makes the template. Touches no network.
   *
   * @param names names; those of the pipeline have no effect
   * @param account where it lives
   */
  public static Template of(StackNames names, Account account) {
    Parts parts = new Parts("yunpipe: programs and images of all pipelines", Tags.ofAll(names));
    String bucket = names.artifacts(account);
    parts.addKept("Artifacts", "AWS::S3::Bucket", Buckets.properties(bucket), List.of());
    parts.addKept(
        "ArtifactsPolicy",
        "AWS::S3::BucketPolicy",
        Values.map(
            "Bucket", Values.ref("Artifacts"),
            "PolicyDocument",
                Statement.policy(
                    List.of(
                        Buckets.tlsOnly(DataPermissions.bucketArn(account, bucket)),
                        writeOnce(DataPermissions.bucketArn(account, bucket))))),
        List.of());
    parts.addKept(
        "Images",
        "AWS::ECR::Repository",
        Values.map(
            "RepositoryName", names.images(),
            "ImageTagMutability", "IMMUTABLE",
            "ImageScanningConfiguration", Values.map("ScanOnPush", true),
            "EncryptionConfiguration", Values.map("EncryptionType", "AES256")),
        List.of());
    parts.output("Artifacts", "The bucket of programs.", Values.ref("Artifacts"));
    parts.output(
        "Images", "The repository of images.", Values.attribute("Images", "RepositoryUri"));
    return parts.template();
  }

  /** A program's key has its checksum, so nobody has a reason to replace one. */
  private static Statement writeOnce(String arn) {
    return DataPermissions.writeOnce(List.of(arn + "/programs/*")).of("*");
  }
}
