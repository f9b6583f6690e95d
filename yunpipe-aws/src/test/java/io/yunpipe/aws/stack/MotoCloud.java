package io.yunpipe.aws.stack;

import io.yunpipe.aws.http.TestHttp;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/** Services at one address. */
final class MotoCloud {
  private MotoCloud() {}

  static Cloud at(URI endpoint) {
    return new Cloud(
        TestHttp.open(Clock.systemUTC()),
        TestHttp.REGION,
        (id, host) -> endpoint,
        true,
        false,
        Clock.systemUTC(),
        Duration.ofMillis(20));
  }
}
