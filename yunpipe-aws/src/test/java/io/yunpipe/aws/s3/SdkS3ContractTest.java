package io.yunpipe.aws.s3;

import io.yunpipe.spi.ObjectStore;
import org.junit.jupiter.api.AfterAll;
import software.amazon.awssdk.services.s3.S3Client;

/** The contract for a ready-made client. */
class SdkS3ContractTest extends S3ContractTest {
  private static final S3Client client = S3Server.inJvm().client(S3Server.inJvm().endpoint());

  @AfterAll
  static void closeClient() {
    client.close();
  }

  @Override
  S3Server server() {
    return S3Server.inJvm();
  }

  @Override
  ObjectStore open(String bucket) {
    return S3ObjectStore.over(client, bucket, "a/b", SMALL);
  }
}
