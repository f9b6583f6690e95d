package io.yunpipe.bench;

import io.yunpipe.aws.AwsBackendProvider;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.util.Map;

/** The server that transfers are measured against, as the environment names it. */
final class S3Server {
  static final String ENDPOINT = variable("YUNPIPE_BENCH_S3");
  static final String BUCKET = "bench";

  private S3Server() {}

  /** An open backend and its store. */
  record Opened(Backend backend, ObjectStore store) implements AutoCloseable {
    @Override
    public void close() {
      backend.close();
    }
  }

  static Opened open() {
    Map<String, String> settings =
        Map.of("endpoint", ENDPOINT, "bucket", BUCKET, "region", "us-east-1");
    Backend backend =
        new AwsBackendProvider()
            .open(new BackendContext("bench", settings, Map.of(), Clock.systemUTC()));
    return new Opened(backend, backend.store());
  }

  static String variable(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(
          name
              + " is not set. Start an S3 server on loopback, make the bucket '"
              + BUCKET
              + "', and set YUNPIPE_BENCH_S3=http://127.0.0.1:PORT, AWS_ACCESS_KEY_ID and"
              + " AWS_SECRET_ACCESS_KEY; docs/benchmarks.md shows how.");
    }
    return value;
  }
}
