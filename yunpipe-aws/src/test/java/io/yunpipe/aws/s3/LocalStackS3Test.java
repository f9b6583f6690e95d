package io.yunpipe.aws.s3;

import io.yunpipe.aws.LocalStack;
import io.yunpipe.spi.ObjectStore;

/** The contract over LocalStack. */
class LocalStackS3Test extends S3ContractTest {
  @Override
  S3Server server() {
    return new S3Server(LocalStack.endpoint(), "test", "test");
  }

  @Override
  ObjectStore open(String bucket) {
    return S3ObjectStore.over(server().http(), server().place(bucket, "a/b"), SMALL);
  }

  /** As S3Proxy, by UTF-16. */
  @Override
  protected boolean ordersByUtf8() {
    return false;
  }

  @Override
  protected String listsWrongBecause() {
    return "this emulator compares start-after with percent-encoded keys, and so leaves some out";
  }
}
