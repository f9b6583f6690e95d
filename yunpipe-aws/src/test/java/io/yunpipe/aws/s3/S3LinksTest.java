package io.yunpipe.aws.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.UploadLink;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Links for those who have no credentials, used with nothing but HTTP. */
class S3LinksTest {
  private static final S3Server server = S3Server.inJvm();
  private static final Duration HOUR = Duration.ofHours(1);

  private String bucket;
  private S3Client client;

  @BeforeEach
  void open() {
    bucket = server.newBucket();
    client = server.client(server.endpoint());
  }

  @AfterEach
  void close() {
    client.close();
    server.deleteBucket(bucket);
  }

  private S3ObjectStore store(boolean readyMade) {
    return readyMade
        ? S3ObjectStore.over(client, bucket, "p", S3Options.DEFAULT)
        : S3ObjectStore.over(server.http(), server.place(bucket, "p"), S3Options.DEFAULT);
  }

  private static int put(UploadLink link, Map<String, String> headers, String body)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) link.uri().toURL().openConnection();
    connection.setRequestMethod("PUT");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length());
    headers.forEach(
        (name, value) -> {
          if (!name.equals("Content-Length")) {
            connection.setRequestProperty(name, value);
          }
        });
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(UTF_8));
    }
    return connection.getResponseCode();
  }

  private static HttpURLConnection get(URI link) throws IOException {
    return (HttpURLConnection) link.toURL().openConnection();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void downloadLink_givesTheObject(boolean readyMade) throws IOException {
    try (S3ObjectStore store = store(readyMade)) {
      String key = "data/a +%20ö.txt";
      store.put(key, Content.of("bytes"));

      URI link = store.presign(key, HOUR).orElseThrow();

      assertThat(get(link).getInputStream()).hasBinaryContent("bytes".getBytes(UTF_8));
    }
  }

  @Test
  void downloadLink_changedToAnotherKey_isRefused() throws IOException {
    try (S3ObjectStore store = store(false)) {
      store.put("a", Content.of("a"));
      store.put("b", Content.of("b"));
      String link = store.presign("a", HOUR).orElseThrow().toString();

      assertThat(get(URI.create(link.replace("/p/a?", "/p/b?"))).getResponseCode()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void uploadLink_createsTheObjectOnce(boolean readyMade) throws IOException {
    try (S3ObjectStore store = store(readyMade)) {
      UploadLink link = store.presignUpload("in/a", 5, HOUR).orElseThrow();

      assertThat(put(link, link.headers(), "first")).isEqualTo(200);
      assertThat(put(link, link.headers(), "again")).isEqualTo(412);
      assertThat(store.read("in/a")).hasValue("first".getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void uploadLink_otherSizeOrNoCondition_isRefused(boolean readyMade) throws IOException {
    try (S3ObjectStore store = store(readyMade)) {
      UploadLink link = store.presignUpload("in/a", 5, HOUR).orElseThrow();
      assertThat(link.uri().getQuery()).contains("content-length;").contains("if-none-match");

      assertThat(put(link, link.headers(), "longer")).isEqualTo(403);
      assertThat(put(link, Map.of(), "first")).isEqualTo(403);
      assertThat(store.head("in/a")).isEmpty();
    }
  }

  @Test
  void links_toCommitMarkers_areNotMade() {
    try (S3ObjectStore store = store(false)) {
      String key = "runs/ab/r/done/s/000001/job";
      assertThat(store.presign(key, HOUR)).isEmpty();
      assertThat(store.presignUpload(key, 1, HOUR)).isEmpty();
    }
  }

  @Test
  void link_longerThanAWeek_isGoodForAWeek() {
    try (S3ObjectStore store = store(false)) {
      assertThat(store.presign("a", Duration.ofDays(30)).orElseThrow().getQuery())
          .contains("X-Amz-Expires=604800");
    }
  }
}
