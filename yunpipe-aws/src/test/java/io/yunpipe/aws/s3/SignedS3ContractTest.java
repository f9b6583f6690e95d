package io.yunpipe.aws.s3;

import io.yunpipe.spi.ObjectStore;

/** The contract for signed calls. */
class SignedS3ContractTest extends S3ContractTest {
  @Override
  S3Server server() {
    return S3Server.inJvm();
  }

  @Override
  ObjectStore open(String bucket) {
    return S3ObjectStore.over(server().http(), server().place(bucket, "a/b"), SMALL);
  }
}
