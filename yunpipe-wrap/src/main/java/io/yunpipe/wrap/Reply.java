package io.yunpipe.wrap;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a registry answered. */
final class Reply implements AutoCloseable {
  private static final int DRAIN = 64 << 10;

  private final HttpURLConnection connection;
  private final URI uri;
  private final int status;
  private final InputStream body;

  Reply(HttpURLConnection connection, URI uri) throws IOException {
    this.connection = connection;
    this.uri = uri;
    this.status = connection.getResponseCode();
    @Nullable InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    this.body = in == null ? new ByteArrayInputStream(new byte[0]) : in;
  }

  int status() {
    return status;
  }

  boolean good() {
    return status >= 200 && status < 300;
  }

  URI uri() {
    return uri;
  }

  InputStream body() {
    return body;
  }

  /** Returns the body; closing it ends the answer. */
  InputStream stream() {
    return new FilterInputStream(body) {
      @Override
      public void close() {
        Reply.this.close();
      }
    };
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(connection.getHeaderField(name));
  }

  /** Returns all headers of a name. */
  List<String> headers(String name) {
    List<String> all = new ArrayList<>();
    connection
        .getHeaderFields()
        .forEach(
            (key, values) -> {
              if (name.equalsIgnoreCase(key)) {
                all.addAll(values);
              }
            });
    return all;
  }

  /** Leaves the connection for the next request if little is left to read. */
  @Override
  public void close() {
    try {
      if (body.readNBytes(DRAIN).length < DRAIN) {
        body.close();
        return;
      }
    } catch (IOException e) {
      // It is of no use any more.
    }
    connection.disconnect();
  }
}
