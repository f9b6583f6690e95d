package io.yunpipe.aws.http;

import io.yunpipe.BackendException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.retries.AdaptiveRetryStrategy;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * Signs and sends requests, and sends them again where that may help. The SDK's signer and retry
 * strategy without its generated clients: those take several times as long to start and per call.
 * One is shared by all threads, which so slow down together when a service asks for it.
 * Thread-safe.
 */
public final class AwsHttp implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(AwsHttp.class);

  private static final int MAX_ERROR_BYTES = 64 * 1024;
  private static final int ATTEMPTS = 6;

  /** Services of which many calls are made in a second; throttled ones are called less often. */
  private static final Set<String> BUSY = Set.of("s3", "sqs");

  private final SdkHttpClient client;
  private final Identity identity;
  private final String region;
  private final Clock clock;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final RetryStrategy busyRetries = retries(AdaptiveRetryStrategy.builder());
  private final RetryStrategy otherRetries = retries(StandardRetryStrategy.builder());
  private volatile Duration skew = Duration.ZERO;

  /** A try that failed and may be repeated. */
  private static final class Passing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean throttled;

    Passing(boolean throttled, @Nullable Throwable cause) {
      super(cause);
      this.throttled = throttled;
    }
  }

  /** Takes a reply while it may still be retried. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Reads what is wanted; an {@link IOException} is like a lost connection. */
    T read(Reply reply) throws IOException;
  }

  /**
   * Creates it.
   *
   * @param client closed by {@link #close}
   * @param region what signatures name
   * @param clock this machine's time
   */
  public AwsHttp(SdkHttpClient client, Identity identity, String region, Clock clock) {
    this.client = client;
    this.identity = identity;
    this.region = region;
    this.clock = clock;
  }

  private static RetryStrategy retries(RetryStrategy.Builder<?, ?> builder) {
    return builder
        .maxAttempts(ATTEMPTS)
        .retryOnException(Passing.class)
        .treatAsThrottling(failure -> failure instanceof Passing passing && passing.throttled)
        .backoffStrategy(
            BackoffStrategy.exponentialDelay(Duration.ofMillis(50), Duration.ofSeconds(10)))
        .throttlingBackoffStrategy(
            BackoffStrategy.exponentialDelay(Duration.ofMillis(500), Duration.ofSeconds(20)))
        .build();
  }

  /** Returns the same with signatures of another region; it shares the client. */
  public AwsHttp in(String otherRegion) {
    return new AwsHttp(client, identity, otherRegion, clock);
  }

  /**
   * Sends a call and hands over the reply, whose body the caller reads and closes.
   *
   * @return the last reply; an error is one too
   * @throws BackendException if the service cannot be reached
   */
  public Reply send(Call call) {
    return retrying(call, reply -> reply);
  }

  /**
   * Sends a call and reads the reply; if reading fails, the call is repeated.
   *
   * @throws BackendException if the service cannot be reached
   */
  public <T> T send(Call call, Reader<T> reader) {
    return retrying(
        call,
        reply -> {
          try (reply) {
            return reader.read(reply);
          }
        });
  }

  private <T> T retrying(Call call, Reader<T> reader) {
    RetryStrategy retries = BUSY.contains(call.service()) ? busyRetries : otherRetries;
    AcquireInitialTokenResponse first =
        retries.acquireInitialToken(
            AcquireInitialTokenRequest.create(call.endpoint().getAuthority()));
    pause(first.delay(), call);
    RetryToken token = first.token();
    boolean uncertain = false;
    boolean renewed = false;
    while (true) {
      Passing failure;
      @Nullable Reply refused = null;
      try {
        Reply reply = once(call, uncertain);
        Optional<AwsError> error = reply.error();
        if (error.isPresent() && !renewed && repair(error.get(), reply)) {
          renewed = true;
          continue;
        }
        if (error.isEmpty() || !error.get().passing()) {
          retries.recordSuccess(RecordSuccessRequest.create(token));
          return reader.read(reply);
        }
        refused = reply;
        failure = new Passing(error.get().throttled(), null);
        // Refusals tell that nothing was done; other failures of a server do not.
        uncertain |= !error.get().throttled() && error.get().status() >= 500;
      } catch (IOException e) {
        failure = new Passing(false, e);
        uncertain = true;
      }
      try {
        RefreshRetryTokenResponse next =
            retries.refreshRetryToken(
                RefreshRetryTokenRequest.builder().token(token).failure(failure).build());
        token = next.token();
        logger.debug("{} {} is tried again in {}", call.method(), call.path(), next.delay());
        pause(next.delay(), call);
      } catch (TokenAcquisitionFailedException e) {
        if (refused == null) {
          throw Reach.failed(call, failure.getCause());
        }
        try {
          return reader.read(refused);
        } catch (IOException unread) {
          throw Reach.failed(call, unread);
        }
      }
    }
  }

  /** Puts right what makes every request fail: a clock that is wrong, credentials that ended. */
  private boolean repair(AwsError error, Reply reply) {
    if (error.expired()) {
      identity.renew();
      return true;
    }
    Optional<Instant> theirs = reply.header("Date").flatMap(AwsHttp::instant);
    if (error.skewed() && theirs.isPresent()) {
      skew = Duration.between(clock.instant(), theirs.get());
      logger.warn("This machine's clock differs from the service's by {}; signing by theirs", skew);
      return true;
    }
    return false;
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private Reply once(Call call, boolean uncertain) throws IOException {
    ContentStreamProvider content = content(call);
    SignedRequest signed =
        signer.sign(
            request ->
                request
                    .identity(identity.credentials())
                    .request(unsigned(call))
                    .payload(content)
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, call.service())
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                    .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, !sealed(call))
                    .putProperty(HttpSigner.SIGNING_CLOCK, signingClock()));
    HttpExecuteRequest.Builder execute = HttpExecuteRequest.builder().request(signed.request());
    if (content != null) {
      execute.contentStreamProvider(content);
    }
    HttpExecuteResponse answer = answer(execute.build());
    SdkHttpResponse response = answer.httpResponse();
    @Nullable AbortableInputStream body = answer.responseBody().orElse(null);
    if (response.statusCode() < 300) {
      return new Reply(response, body, uncertain, null);
    }
    return new Reply(response, null, uncertain, error(response, body));
  }

  /** Sends a request; the client over HttpURLConnection hides some of its failures. */
  private HttpExecuteResponse answer(HttpExecuteRequest request) throws IOException {
    try {
      return client.prepareRequest(request).call();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static AwsError error(SdkHttpResponse response, @Nullable AbortableInputStream body)
      throws IOException {
    String text = "";
    if (body != null) {
      try (InputStream in = body) {
        text = new String(in.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8);
      }
    }
    return AwsError.parse(
        response.statusCode(),
        response.firstMatchingHeader("x-amzn-ErrorType").orElse(""),
        response.firstMatchingHeader("x-amzn-query-error").orElse(""),
        response
            .firstMatchingHeader("x-amz-request-id")
            .or(() -> response.firstMatchingHeader("x-amzn-RequestId"))
            .orElse(""),
        text);
  }

  /**
   * Returns a link that carries the signature.
   *
   * @param call its headers must be sent by whoever uses the link
   */
  public URI presign(Call call, Duration validity) {
    return signer
        .sign(
            request ->
                request
                    .identity(identity.credentials())
                    .request(unsigned(call))
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, call.service())
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                    .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                    .putProperty(
                        AwsV4FamilyHttpSigner.AUTH_LOCATION,
                        AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                    .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, validity)
                    .putProperty(HttpSigner.SIGNING_CLOCK, signingClock()))
        .request()
        .getUri();
  }

  /**
   * Returns whether a call needs no checksum of its body from the signer: over TLS a signed header
   * with one is as good, and hashing twice is most of what a large upload costs.
   */
  private static boolean sealed(Call call) {
    return call.headers().containsKey("x-amz-checksum-sha256")
        && call.endpoint().getScheme().equals("https");
  }

  private Clock signingClock() {
    return skew.isZero() ? clock : Clock.fixed(clock.instant().plus(skew), ZoneOffset.UTC);
  }

  private static @Nullable ContentStreamProvider content(Call call) {
    Call.Slice body = call.body();
    boolean sends = call.method() == SdkHttpMethod.PUT || call.method() == SdkHttpMethod.POST;
    return body.length() == 0 && !sends
        ? null
        : () -> new ByteArrayInputStream(body.bytes(), body.offset(), body.length());
  }

  private static SdkHttpRequest unsigned(Call call) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(call.method())
            .protocol(call.endpoint().getScheme())
            .host(call.endpoint().getHost())
            .encodedPath(call.path());
    if (call.endpoint().getPort() >= 0) {
      request.port(call.endpoint().getPort());
    }
    for (Map.Entry<String, String> parameter : call.query().entrySet()) {
      request.putRawQueryParameter(parameter.getKey(), parameter.getValue());
    }
    call.headers().forEach(request::putHeader);
    // A link states the length of a body that its holder will send.
    if (content(call) != null && !call.headers().containsKey("Content-Length")) {
      request.putHeader("Content-Length", Integer.toString(call.body().length()));
    }
    return request.build();
  }

  private static void pause(Duration delay, Call call) {
    if (delay.isZero()) {
      return;
    }
    try {
      Thread.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException(
          "Interrupted while waiting to try again: " + call.method() + " " + call.path(), true, e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
