package io.yunpipe.aws.stack;

import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.Identity;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Services at one address. */
final class MotoCloud {
  static final String REGION = "eu-west-1";

  private MotoCloud() {}

  static Cloud at(URI endpoint) {
    AwsHttp http =
        new AwsHttp(
            UrlConnectionHttpClient.create(),
            new Identity(
                () ->
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("AKIATESTTESTTEST", "test-secret"))),
            REGION,
            Clock.systemUTC());
    return new Cloud(
        http,
        REGION,
        (id, host) -> endpoint,
        true,
        false,
        Clock.systemUTC(),
        Duration.ofMillis(20));
  }
}
