package io.yunpipe.aws.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.SdkHttpResponse;

/** What a service answered. Closing it gives the connection back, or ends it if there is more. */
public final class Reply implements AutoCloseable {
  private final SdkHttpResponse response;
  private final @Nullable AbortableInputStream body;
  private final boolean uncertain;
  private final @Nullable AwsError error;

  Reply(
      SdkHttpResponse response,
      @Nullable AbortableInputStream body,
      boolean uncertain,
      @Nullable AwsError error) {
    this.response = response;
    this.body = body;
    this.uncertain = uncertain;
    this.error = error;
  }

  /** Returns the HTTP status. */
  public int status() {
    return response.statusCode();
  }

  /** Returns a header's first value. */
  public Optional<String> header(String name) {
    return response.firstMatchingHeader(name);
  }

  /**
   * Returns whether an earlier try of this call may have been carried out although its answer was
   * lost; a condition may then have failed because of our own first try.
   */
  public boolean uncertain() {
    return uncertain;
  }

  /** Returns what went wrong, for a status of 300 and above. */
  public Optional<AwsError> error() {
    return Optional.ofNullable(error);
  }

  /** Returns the body; empty for errors, whose body is in {@link #error()}. */
  public InputStream body() {
    return body == null ? InputStream.nullInputStream() : body;
  }

  @Override
  public void close() {
    if (body == null) {
      return;
    }
    try {
      // Draining a little keeps the connection; of a large rest the connection is the cheaper one.
      if (body.available() == 0 && body.read() < 0) {
        body.close();
      } else {
        body.abort();
      }
    } catch (IOException e) {
      body.abort();
    }
  }
}
