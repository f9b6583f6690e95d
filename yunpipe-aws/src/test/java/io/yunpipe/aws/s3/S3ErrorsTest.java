package io.yunpipe.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsError;
import io.yunpipe.spi.Content;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;

/** What users read when S3 refuses. */
class S3ErrorsTest {
  private static final S3Server server = S3Server.inJvm();

  private FaultProxy proxy;
  private S3ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    proxy = new FaultProxy(server.endpoint());
    store = over(new S3Place(proxy.endpoint(), true, "lab-data", "team"));
  }

  private static S3ObjectStore over(S3Place place) {
    return S3ObjectStore.over(server.http(), place, S3Options.DEFAULT);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    proxy.close();
  }

  @Test
  void bucket_missing_isNamed() {
    for (Runnable call :
        new Runnable[] {
          () -> store.put("a", Content.of("x")),
          () -> store.read("a"),
          () -> store.get("a"),
          () -> store.list("", "", 10)
        }) {
      assertThatThrownBy(call::run)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("404 NoSuchBucket")
          .hasMessageContaining(
              "There is no bucket 'lab-data' at this endpoint. Check its name, the region and the"
                  + " account, or create it.")
          .matches(e -> !((BackendException) e).retryable());
    }
  }

  @Test
  void bucket_missingForAReadyMadeClient_isNamed() {
    try (S3Client client = server.client(server.endpoint());
        S3ObjectStore other = S3ObjectStore.over(client, "lab-data", "", S3Options.DEFAULT)) {
      assertThatThrownBy(() -> other.put("a", Content.of("x")))
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("Could not store s3://lab-data/a: 404 NoSuchBucket")
          .hasMessageContaining("There is no bucket 'lab-data' at this endpoint.");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          301 | PermanentRedirect | The bucket is in the region eu-west-1. Set yunpipe.aws.region or AWS_REGION to eu-west-1.
          400 | AuthorizationHeaderMalformed | The bucket is in the region eu-west-1. Set yunpipe.aws.region or AWS_REGION to eu-west-1.
          403 | AccessDenied | Grant s3:PutObject on arn:aws:s3:::lab-data/* to the identity in use, and look for a policy of the bucket or its key that denies it.
          403 | InvalidAccessKeyId | The service does not know this access key. Check which profile or variables are in use (AWS_PROFILE, AWS_ACCESS_KEY_ID) and that the endpoint is the right one.
          400 | EntityTooLarge | The object is larger than the service takes: 5 TiB for S3. Split it.
          400 | InvalidBucketState | Check the endpoint and the bucket's settings.
          """)
  void put_refused_saysWhatToDo(int status, String code, String advice) {
    proxy.next("PUT", FaultProxy.refuse(status, code, "x-amz-bucket-region: eu-west-1\r\n"));

    assertThatThrownBy(() -> store.put("a", Content.of("x")))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "Could not store s3://lab-data/team/a: %d %s: said so (request R1). %s"
                .formatted(status, code, advice))
        .matches(e -> !((BackendException) e).retryable());
  }

  @Test
  void region_toldInWordsOnly_isNamed() {
    AwsError error =
        new AwsError(
            400,
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed; the region 'us-east-1' is wrong; expecting"
                + " 'ap-south-1'",
            "R2");
    assertThat(new S3Errors("b").failed(S3Action.LIST, "runs/", error, "", null))
        .hasMessageStartingWith("Could not list s3://b/runs/*: 400 AuthorizationHeaderMalformed")
        .hasMessageEndingWith("Set yunpipe.aws.region or AWS_REGION to ap-south-1.");
  }

  @Test
  void read_denied_tellsOfAbsentObjects() {
    proxy.next("GET", FaultProxy.refuse(403, "AccessDenied", ""));

    assertThatThrownBy(() -> store.read("a"))
        .hasMessageContaining("Grant s3:GetObject on arn:aws:s3:::lab-data/*")
        .hasMessageContaining("if s3:ListBucket is not granted");
  }

  @Test
  void secretKey_wrong_isToldSo() {
    S3Place place = server.place(server.newBucket(), "");
    try (S3ObjectStore other =
        S3ObjectStore.over(
            server.http(server.accessKey(), "wrong", Clock.systemUTC()),
            place,
            S3Options.DEFAULT)) {
      assertThatThrownBy(() -> other.put("a", Content.of("x")))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("SignatureDoesNotMatch")
          .hasMessageContaining("The secret key does not belong to the access key");
    }
    server.deleteBucket(place.bucket());
  }

  @Test
  void endpoint_nobodyAnswers_isNamed() throws IOException {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    try (S3ObjectStore other = over(new S3Place(nobody, true, "b", ""))) {
      assertThatThrownBy(() -> other.put("a", Content.of("x")))
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("Could not PUT " + nobody + "/b/a: nothing answers there")
          .matches(e -> ((BackendException) e).retryable());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://s3.eu-west-1.amazonaws.com, false, data, https://data.s3.eu-west-1.amazonaws.com/p/k",
    "https://s3.eu-west-1.amazonaws.com, false, da.ta, https://s3.eu-west-1.amazonaws.com/da.ta/p/k",
    "http://127.0.0.1:9000, true, data, http://127.0.0.1:9000/data/p/k",
    "http://127.0.0.1:9000/base/, true, data, http://127.0.0.1:9000/base/data/p/k"
  })
  void address_ofABucket_isItsHostOrItsPath(
      URI endpoint, boolean pathStyle, String bucket, String expected) {
    try (S3ObjectStore other = over(new S3Place(endpoint, pathStyle, bucket, "/p/"))) {
      assertThat(other.presign("k", Duration.ofMinutes(1)))
          .hasValueSatisfying(link -> assertThat(link.toString()).startsWith(expected + "?"));
    }
  }
}
