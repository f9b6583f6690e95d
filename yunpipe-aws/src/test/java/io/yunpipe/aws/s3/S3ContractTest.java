package io.yunpipe.aws.s3;

import io.yunpipe.spi.ObjectStore;
import io.yunpipe.testkit.ObjectStoreContract;
import org.junit.jupiter.api.AfterEach;

/** The contract over a server of S3's protocol. */
abstract class S3ContractTest extends ObjectStoreContract {
  /** Few buffers, since the contract counts bytes. */
  static final S3Options SMALL = new S3Options(5 * 1024 * 1024, 4, true, 1_000_000);

  private String bucket = "";

  /** Returns the server. */
  abstract S3Server server();

  /** Opens a store over the prefix {@code a/b} of a bucket. */
  abstract ObjectStore open(String bucket);

  @Override
  protected ObjectStore newStore() {
    bucket = server().newBucket();
    return open(bucket);
  }

  @Override
  protected ObjectStore secondStore() {
    return open(bucket);
  }

  @AfterEach
  void deleteBucket() {
    server().deleteBucket(bucket);
  }

  @Override
  protected boolean aliases() {
    return false;
  }

  @Override
  protected boolean tagsFollowBytes() {
    return true;
  }

  @Override
  protected boolean keepsMarkersTogether() {
    return true;
  }

  /** S3Proxy orders by UTF-16. */
  @Override
  protected boolean ordersByUtf8() {
    return !server().equals(S3Server.inJvm());
  }

  @Override
  protected String losesUpdatesBecause() {
    return server().equals(S3Server.inJvm())
        ? "S3Proxy's If-Match loses updates under a race; give another server by"
            + " YUNPIPE_TEST_S3_ENDPOINT"
        : "";
  }
}
