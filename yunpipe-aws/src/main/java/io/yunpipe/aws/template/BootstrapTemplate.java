package io.yunpipe.aws.template;

import java.util.List;
import java.util.Map;

/**
 * The template of what all pipelines of an account and region share: a bucket of programs, a
 * repository of images, and the role of operators.
 */
public final class BootstrapTemplate {
  private BootstrapTemplate() {}

  /**
   * Makes the template. Touches no network.
   *
   * @param names names; those of the pipeline have no effect
   * @param account where it lives
   * @param tags more tags for everything
   * @param permissionsBoundary ARN of a policy that bounds the role; empty: none
   */
  public static Template of(
      StackNames names, Account account, Map<String, String> tags, String permissionsBoundary) {
    Parts parts =
        new Parts("yunpipe: programs and images of all pipelines", Tags.ofAll(names, tags));
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
    parts.addRole(
        new Role(
            Permissions.OPERATOR,
            names.operatorRole(account),
            "Who sets pipelines up and removes them.",
            Statement.trust(Map.of("AWS", account.globalArn("iam", "root")), "sts:AssumeRole"),
            List.of(),
            OperatorPermissions.statements(names, account)),
        permissionsBoundary);
    parts.output("Artifacts", "The bucket of programs.", Values.ref("Artifacts"));
    parts.output(
        "Images", "The repository of images.", Values.attribute("Images", "RepositoryUri"));
    parts.output("Operator", "The role of operators.", Values.attribute("OperatorRole", "Arn"));
    return parts.template();
  }

  /** A program's key has its checksum, so nobody has a reason to replace one. */
  private static Statement writeOnce(String arn) {
    return DataPermissions.writeOnce(List.of(arn + "/programs/*")).of("*");
  }
}
