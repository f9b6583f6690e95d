package io.yunpipe.aws.http;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * One request, before it is signed.
 *
 * @param service the name that signatures have, such as {@code s3}
 * @param method the HTTP method
 * @param endpoint scheme, host and port
 * @param path percent-encoded, with a slash at its start
 * @param query names and values, not encoded, in the order they are sent
 * @param headers more headers; all are signed
 * @param body bytes to send; of length 0 if there are none
 */
public record Call(
    String service,
    SdkHttpMethod method,
    URI endpoint,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    Slice body) {
  /**
   * Part of an array; not copied.
   *
   * @param bytes the array
   * @param offset where it starts
   * @param length how many bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Slice(byte[] bytes, int offset, int length) {
    /** No bytes. */
    public static final Slice EMPTY = of(new byte[0]);

    /** Returns a whole array. */
    public static Slice of(byte[] bytes) {
      return new Slice(bytes, 0, bytes.length);
    }
  }

  /** Copies the maps. */
  public Call {
    query = new LinkedHashMap<>(query);
    headers = new LinkedHashMap<>(headers);
  }
}
