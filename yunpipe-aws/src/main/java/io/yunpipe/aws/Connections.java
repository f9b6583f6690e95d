package io.yunpipe.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * The HTTP client. Its connections are Java's own, which are kept alive and shared by host; the
 * certificates of Java are read by the first one that needs them, since to read them takes a fifth
 * of a worker's start.
 */
final class Connections {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** A queue lets wait for 20 s, and large parts may take as long to be stored. */
  private static final Duration ANSWER = Duration.ofSeconds(50);

  private Connections() {}

  static SdkHttpClient client() {
    return UrlConnectionHttpClient.create(Connections::open);
  }

  private static HttpURLConnection open(URI uri) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) ANSWER.toMillis());
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
