package io.yunpipe.aws.s3;

import static io.yunpipe.aws.s3.FaultProxy.drop;
import static io.yunpipe.aws.s3.FaultProxy.loseAnswer;
import static io.yunpipe.aws.s3.FaultProxy.refuse;
import static io.yunpipe.aws.s3.FaultProxy.truncate;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.Identity;
import io.yunpipe.spi.Content;
import io.yunpipe.testkit.GeneratedContent;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** What goes wrong between a store and S3, through a proxy that makes it so. */
@Timeout(120)
class S3FaultsTest {
  private static final S3Server server = S3Server.inJvm();
  private static final int MIB = 1024 * 1024;
  private static final S3Options OPTIONS = new S3Options(5 * MIB, 2, true);

  private final AtomicInteger logins = new AtomicInteger();
  private FaultProxy proxy;
  private String bucket;
  private S3ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    proxy = new FaultProxy(server.endpoint());
    bucket = server.newBucket();
    store = store(Clock.systemUTC());
  }

  private S3ObjectStore store(Clock clock) {
    AwsHttp http =
        new AwsHttp(
            UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(2)).build(),
            new Identity(
                () -> {
                  logins.incrementAndGet();
                  return StaticCredentialsProvider.create(
                      AwsBasicCredentials.create(server.accessKey(), server.secretKey()));
                }),
            S3Server.REGION,
            clock);
    return S3ObjectStore.over(http, new S3Place(proxy.endpoint(), true, bucket, ""), OPTIONS);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    proxy.close();
    server.deleteBucket(bucket);
  }

  private long requests(String text) {
    return proxy.seen().stream().filter(line -> line.contains(text)).count();
  }

  @Test
  void put_slowedDownOften_isTriedAgain() {
    proxy.next("PUT", slow(), slow(), slow());

    store.put("a", Content.of("x"));

    assertThat(store.read("a")).hasValue("x".getBytes(UTF_8));
    assertThat(requests("PUT")).isEqualTo(4);
  }

  private static FaultProxy.Fault slow() {
    return refuse(503, "SlowDown", "");
  }

  @Test
  void put_slowedDownForGood_saysSo() {
    for (int i = 0; i < 20; i++) {
      proxy.next("PUT", slow());
    }

    assertThatThrownBy(() -> store.put("a", Content.of("x")))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "Could not store s3://%s/a: 503 SlowDown: said so (request R1). The service asks for fewer requests. Try again later or lower the parallelism."
                .formatted(bucket))
        .matches(e -> ((BackendException) e).retryable());
  }

  @Test
  void anyCall_whoseConnectionBreaks_isTriedAgain() {
    proxy.next("PUT", drop(), drop());
    store.put("a", Content.of("x"));
    proxy.next("GET", drop(), loseAnswer());
    assertThat(store.read("a")).hasValue("x".getBytes(UTF_8));
    proxy.next("HEAD", drop());
    assertThat(store.head("a")).isPresent();
    proxy.next("list-type", drop(), truncate(100));
    assertThat(store.list("", "", 10)).hasSize(1);
    proxy.next("DELETE", loseAnswer());
    store.delete("a");
    assertThat(store.read("a")).isEmpty();
  }

  @Test
  void put_thatIsNotAnswered_isTriedAgain() {
    proxy.next("PUT", proxy.hang());

    store.put("a", Content.of("x"));

    assertThat(store.read("a")).isPresent();
  }

  @Test
  void putIfAbsent_whoseAnswerIsLost_isToldOfItsOwnSuccess() {
    proxy.next("PUT", loseAnswer());

    assertThat(store.putIfAbsent("a", Content.of("mine"))).isTrue();

    assertThat(requests("PUT")).isEqualTo(2);
    assertThat(requests("HEAD")).isEqualTo(1);
  }

  @Test
  void putIfAbsent_whoseFirstTryIsLostAndAnotherWon_isToldSo() throws IOException {
    proxy.next(
        "PUT",
        exchange -> {
          direct().put("a", Content.of("theirs"));
          throw new IOException("dropped");
        });

    assertThat(store.putIfAbsent("a", Content.of("mine"))).isFalse();

    assertThat(store.read("a")).hasValue("theirs".getBytes(UTF_8));
  }

  private S3ObjectStore direct() {
    return S3ObjectStore.over(server.http(), server.place(bucket, ""), OPTIONS);
  }

  @Test
  void putIfMatch_whoseAnswerIsLost_isToldOfItsOwnSuccess() {
    store.put("a", Content.of("1"));
    String etag = store.head("a").orElseThrow().etag();
    proxy.next("PUT", loseAnswer());

    assertThat(store.putIfMatch("a", Content.of("2"), etag)).isTrue();
  }

  @Test
  void putIfAbsent_inPartsWhoseCompletionIsLost_isToldOfItsOwnSuccess() {
    proxy.next("POST /" + bucket + "/a?uploadId", loseAnswer());

    assertThat(store.putIfAbsent("a", new GeneratedContent(6 * MIB, true))).isTrue();

    assertThat(store.head("a").orElseThrow().size()).isEqualTo(6 * MIB);
    assertThat(store.putIfAbsent("a", new GeneratedContent(6 * MIB, true))).isFalse();
  }

  @Test
  void marker_whoseAnswerIsLost_isToldOfItsOwnSuccess() {
    String key = "runs/ab/r1/done/s/000001/job";
    proxy.next("PUT", loseAnswer());

    assertThat(store.putIfAbsent(key, Content.of("mine"))).isTrue();
    assertThat(store.putIfAbsent(key, Content.of("again"))).isFalse();
    assertThat(direct().read(key)).hasValue("mine".getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999_999})
  void get_cutOff_goesOnWhereItStopped(int bytes) throws IOException {
    byte[] content = new byte[1_000_000];
    new Random(bytes).nextBytes(content);
    store.put("a", Content.of(content));
    proxy.next("GET", truncate(bytes), drop(), truncate(Math.min(bytes, 1)));

    try (InputStream in = store.get("a").orElseThrow()) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    assertThat(requests("GET")).isGreaterThanOrEqualTo(3);
  }

  @Test
  void get_partCutOff_endsWhereItShould() throws IOException {
    store.put("a", Content.of("0123456789"));
    proxy.next("GET", truncate(2));

    try (InputStream in = store.get("a", 3, 4).orElseThrow()) {
      assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("3456");
    }
  }

  @Test
  void get_cutOffAndReplacedMeanwhile_failsInsteadOfMixing() throws IOException {
    store.put("a", Content.of("x".repeat(1000)));
    proxy.next(
        "GET",
        exchange -> {
          try {
            truncate(500).happen(exchange);
          } finally {
            direct().put("a", Content.of("y".repeat(1000)));
          }
        });

    try (InputStream in = store.get("a").orElseThrow()) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("s3://" + bucket + "/a was replaced while it was read");
    }
  }

  @Test
  void get_cutOffForGood_fails() throws IOException {
    store.put("a", Content.of("x".repeat(1000)));
    for (int i = 0; i < 10; i++) {
      proxy.next("GET", truncate(0));
    }

    try (InputStream in = store.get("a").orElseThrow()) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("beyond byte 0");
    }
  }

  @Test
  void read_cutOff_isReadAgain() {
    store.put("a", Content.of("x".repeat(1000)));
    proxy.next("GET", truncate(10), truncate(999));

    assertThat(store.read("a")).hasValue("x".repeat(1000).getBytes(UTF_8));
  }

  @Test
  void put_inPartsOfWhichSomeFail_sendsTheseAgain() {
    proxy.next("partNumber=2", drop(), loseAnswer(), slow());
    proxy.next("partNumber=3", refuse(500, "InternalError", ""));
    long size = 16L * MIB;

    assertThat(store.put("a", new GeneratedContent(size, true)).size()).isEqualTo(size);

    assertThat(store.head("a").orElseThrow().size()).isEqualTo(size);
    assertThat(requests("partNumber=1")).as("sent once").isEqualTo(1);
  }

  @Test
  void completion_thatFailsAfterItsStatus_isTriedAgain() {
    proxy.next(
        "POST /" + bucket + "/a?uploadId",
        exchange -> {
          String body = "<Error><Code>InternalError</Code><Message>later</Message></Error>";
          exchange
              .back()
              .write(
                  ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                      .getBytes(UTF_8));
        });

    store.put("a", new GeneratedContent(6 * MIB, true));

    assertThat(store.head("a").orElseThrow().size()).isEqualTo(6 * MIB);
  }

  @Test
  void putIfAbsent_conflictOfCompletion_beginsAnew() {
    proxy.next("POST /" + bucket + "/a?uploadId", refuse(404, "NoSuchUpload", ""));

    assertThat(store.putIfAbsent("a", new GeneratedContent(6 * MIB, false))).isTrue();

    assertThat(requests("?uploads")).isEqualTo(2);
    assertThat(store.head("a").orElseThrow().size()).isEqualTo(6 * MIB);
  }

  @Test
  void clock_thatIsWrong_isPutRight() {
    Clock late = Clock.offset(Clock.systemUTC(), Duration.ofHours(-3));
    String now =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.now().atOffset(ZoneOffset.UTC));
    proxy.next("PUT", refuse(403, "RequestTimeTooSkewed", "Date: " + now + "\r\n"));
    try (S3ObjectStore other = store(late)) {
      other.put("a", Content.of("x"));
      assertThat(other.read("a")).isPresent();
    }
  }

  @Test
  void credentials_thatEndInTheMiddle_areLookedForAnew() {
    proxy.next("partNumber=2", refuse(400, "ExpiredToken", ""));

    store.put("a", new GeneratedContent(11 * MIB, true));

    assertThat(logins).hasValue(2);
    assertThat(store.head("a").orElseThrow().size()).isEqualTo(11 * MIB);
  }

  @Test
  void credentials_thatStayEnded_areTold() {
    proxy.next("PUT", refuse(400, "ExpiredToken", ""), refuse(400, "ExpiredToken", ""));

    assertThatThrownBy(() -> store.put("a", Content.of("x")))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "Could not store s3://%s/a: 400 ExpiredToken: said so (request R1). The session has ended. Sign in again, such as with 'aws sso login'."
                .formatted(bucket));
  }
}
