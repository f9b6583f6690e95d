package io.yunpipe.aws.s3;

import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.Identity;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A server of S3's protocol. One for the tests of this JVM is {@link #inJvm()}; another may be
 * given by {@code YUNPIPE_TEST_S3_ENDPOINT}, {@code YUNPIPE_TEST_S3_ACCESS_KEY} and {@code
 * YUNPIPE_TEST_S3_SECRET_KEY}, as variables or system properties.
 *
 * @param endpoint on loopback
 */
public record S3Server(URI endpoint, String accessKey, String secretKey) {
  /** What signatures name. */
  public static final String REGION = "us-east-1";

  private static final Random random = new Random();

  private static final class InJvm {
    static final S3Server SERVER = start();

    private static S3Server start() {
      String access = "AK" + hex().toUpperCase(Locale.ROOT);
      String secret = hex() + hex();
      S3Proxy proxy =
          S3Proxy.builder()
              .blobStore(new TransientNio2BlobStore())
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(AuthenticationType.AWS_V4, access, secret)
              .ignoreUnknownHeaders(true)
              .v4MaxNonChunkedRequestSize(64 * 1024 * 1024)
              .build();
      try {
        proxy.start();
      } catch (Exception e) {
        throw new IllegalStateException("Could not start S3Proxy", e);
      }
      return new S3Server(URI.create("http://127.0.0.1:" + proxy.getPort()), access, secret);
    }
  }

  /** Returns the server of this JVM, started when first asked for. */
  public static S3Server inJvm() {
    return InJvm.SERVER;
  }

  /** Returns the server that the surroundings name, if they do. */
  public static Optional<S3Server> given() {
    return setting("ENDPOINT")
        .map(
            endpoint ->
                new S3Server(
                    URI.create(endpoint),
                    setting("ACCESS_KEY").orElse("test"),
                    setting("SECRET_KEY").orElse("test")));
  }

  private static Optional<String> setting(String name) {
    String full = "YUNPIPE_TEST_S3_" + name;
    return Optional.ofNullable(System.getProperty(full, System.getenv(full)));
  }

  static String hex() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Creates a bucket with a new name. */
  public String newBucket() {
    String bucket = "b-" + hex();
    try (S3Client client = client(endpoint)) {
      client.createBucket(request -> request.bucket(bucket));
    }
    return bucket;
  }

  /** Deletes a bucket with all that is in it. */
  public void deleteBucket(String bucket) {
    try (S3Client client = client(endpoint)) {
      client
          .listMultipartUploads(request -> request.bucket(bucket))
          .uploads()
          .forEach(
              upload ->
                  client.abortMultipartUpload(
                      abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
      SignedS3 calls = new SignedS3(http(), place(bucket, ""), false);
      List<String> keys;
      do {
        keys = calls.list("", "", 1000).objects().stream().map(object -> object.key()).toList();
        if (!keys.isEmpty()) {
          calls.deleteAll(keys);
        }
      } while (!keys.isEmpty());
      client.deleteBucket(request -> request.bucket(bucket));
    } catch (S3Exception e) {
      throw new IllegalStateException("Could not delete " + bucket, e);
    }
  }

  /** Returns signed calls with the right credentials. */
  public AwsHttp http() {
    return http(accessKey, secretKey, Clock.systemUTC());
  }

  AwsHttp http(String access, String secret, Clock clock) {
    return new AwsHttp(
        UrlConnectionHttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(10))
            .socketTimeout(Duration.ofSeconds(30))
            .build(),
        new Identity(
            () -> StaticCredentialsProvider.create(AwsBasicCredentials.create(access, secret))),
        REGION,
        clock);
  }

  /** Returns a place on this server. */
  public S3Place place(String bucket, String prefix) {
    return new S3Place(endpoint, true, bucket, prefix);
  }

  /** Returns a client as a program would have it. */
  public S3Client client(URI through) {
    return S3Client.builder()
        .endpointOverride(through)
        .region(Region.of(REGION))
        .forcePathStyle(true)
        .overrideConfiguration(
            settings ->
                settings
                    .addExecutionInterceptor(new NoExpect())
                    .retryStrategy(retries -> retries.maxAttempts(ATTEMPTS)))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
        .build();
  }

  /**
   * HttpURLConnection keeps five connections, each of which the server may have closed after it
   * refused a body that it did not read; an attempt finds that out for one of them.
   */
  private static final int ATTEMPTS = 8;

  /** HttpURLConnection loses connections over {@code Expect: 100-continue}. */
  private static final class NoExpect implements ExecutionInterceptor {
    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      SdkHttpRequest before = context.httpRequest();
      SdkHttpRequest.Builder request =
          SdkHttpRequest.builder()
              .method(before.method())
              .protocol(before.protocol())
              .host(before.host())
              .port(before.port())
              .encodedPath(before.encodedPath());
      before.forEachRawQueryParameter(request::putRawQueryParameter);
      before.forEachHeader(request::putHeader);
      return request.removeHeader("Expect").build();
    }
  }
}
