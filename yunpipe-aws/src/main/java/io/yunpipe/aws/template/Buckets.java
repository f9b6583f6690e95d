package io.yunpipe.aws.template;

import java.util.List;
import java.util.Map;

/** What all buckets of ours have. */
final class Buckets {
  private Buckets() {}

  static Map<String, Object> properties(String name) {
    return Values.map(
        "BucketName", name,
        "BucketEncryption",
            Values.map(
                "ServerSideEncryptionConfiguration",
                List.of(
                    Values.map(
                        "ServerSideEncryptionByDefault", Values.map("SSEAlgorithm", "AES256")))),
        "PublicAccessBlockConfiguration",
            Values.map(
                "BlockPublicAcls", true,
                "BlockPublicPolicy", true,
                "IgnorePublicAcls", true,
                "RestrictPublicBuckets", true),
        "OwnershipControls",
            Values.map("Rules", List.of(Values.map("ObjectOwnership", "BucketOwnerEnforced"))),
        "LifecycleConfiguration",
            Values.map(
                "Rules",
                List.of(
                    Values.map(
                        "Id", "unfinished-uploads",
                        "Status", "Enabled",
                        "AbortIncompleteMultipartUpload", Values.map("DaysAfterInitiation", 7)))));
  }

  static Statement tlsOnly(String arn) {
    return Statement.deny("TlsOnly", List.of("s3:*"), List.of(arn, arn + "/*"))
        .of("*")
        .when("Bool", "aws:SecureTransport", "false");
  }
}
