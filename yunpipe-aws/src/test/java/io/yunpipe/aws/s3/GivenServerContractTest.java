package io.yunpipe.aws.s3;

import io.yunpipe.spi.ObjectStore;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** The contract for signed calls on a server that the surroundings name. */
class GivenServerContractTest extends S3ContractTest {
  @BeforeAll
  static void needAServer() {
    Assumptions.assumeTrue(
        S3Server.given().isPresent(),
        "needs a server of S3's protocol: set YUNPIPE_TEST_S3_ENDPOINT,"
            + " YUNPIPE_TEST_S3_ACCESS_KEY and YUNPIPE_TEST_S3_SECRET_KEY");
  }

  @Override
  S3Server server() {
    return S3Server.given().orElseThrow();
  }

  @Override
  ObjectStore open(String bucket) {
    return S3ObjectStore.over(server().http(), server().place(bucket, "a/b"), SMALL);
  }
}
