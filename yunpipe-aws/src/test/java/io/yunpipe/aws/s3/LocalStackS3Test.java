package io.yunpipe.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.aws.LocalStack;
import io.yunpipe.spi.ObjectStore;
import org.junit.jupiter.api.BeforeAll;

/** The contract over LocalStack. */
class LocalStackS3Test extends S3ContractTest {
  /** Skips them all at once where it is not. */
  @BeforeAll
  static void find() {
    assertThat(LocalStack.endpoint()).isNotNull();
  }

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
