package io.yunpipe.aws.sqs;

import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.Identity;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.UUID;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A server of SQS's protocol in this JVM, started once, or one that the environment names. */
public final class SqsServer {
  /** The variable that names a server elsewhere, such as {@code http://127.0.0.1:4566}. */
  public static final String VARIABLE = "YUNPIPE_TEST_SQS_ENDPOINT";

  /** The region of both. */
  public static final String REGION = "us-east-1";

  private SqsServer() {}

  private static final class InThisJvm {
    private static final URI ENDPOINT = start();

    private static URI start() {
      InetSocketAddress address =
          SQSRestServerBuilder.withInterface("127.0.0.1")
              .withDynamicPort()
              .withAWSRegion(REGION)
              .withAWSAccountId("000000000000")
              .start()
              .waitUntilStarted()
              .localAddress();
      return URI.create("http://127.0.0.1:" + address.getPort());
    }
  }

  /** Returns where the server in this JVM is. */
  public static URI endpoint() {
    return InThisJvm.ENDPOINT;
  }

  /** Returns where the server is that the environment names. */
  public static URI given() {
    return URI.create(System.getenv(VARIABLE));
  }

  /** Returns credentials that any test server takes. */
  public static AwsCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
  }

  /** Returns signed calls. */
  public static AwsHttp http() {
    return new AwsHttp(
        UrlConnectionHttpClient.create(),
        new Identity(SqsServer::credentials),
        REGION,
        Clock.systemUTC());
  }

  /** Returns a client of the SDK for a server. */
  public static SqsClient client(URI endpoint) {
    return SqsClient.builder()
        .endpointOverride(endpoint)
        .region(Region.of(REGION))
        .credentialsProvider(credentials())
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  /** Returns a name that no queue has yet. */
  public static String newName() {
    return "test-" + UUID.randomUUID();
  }
}
