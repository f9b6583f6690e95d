package io.yunpipe.aws.http;

import java.time.Clock;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Calls that are signed by keys which nobody checks. */
public final class TestHttp {
  public static final String REGION = "eu-west-1";

  private TestHttp() {}

  public static AwsHttp open(Clock clock) {
    return new AwsHttp(
        UrlConnectionHttpClient.create(),
        new Identity(
            () ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create("AKIATESTTESTTEST", "test-secret"))),
        REGION,
        clock);
  }
}
