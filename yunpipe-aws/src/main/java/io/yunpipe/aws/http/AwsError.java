package io.yunpipe.aws.http;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error as a service tells it.
 *
 * @param status the HTTP status
 * @param code the service's code, such as {@code NoSuchBucket}; the status if there is none
 * @param message the service's words; may be empty
 * @param request the service's id of the request; may be empty
 */
public record AwsError(int status, String code, String message, String request) {
  private static final Set<String> THROTTLED =
      Set.of(
          "SlowDown",
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "RequestThrottled",
          "RequestThrottledException",
          "RequestLimitExceeded",
          "TooManyRequestsException",
          "ServiceUnavailable",
          "BandwidthLimitExceeded",
          "EC2ThrottledException",
          "PriorRequestNotComplete");

  private static final Set<String> PASSING =
      Set.of(
          "RequestTimeout",
          "RequestTimeoutException",
          "InternalError",
          "InternalFailure",
          "ConditionalRequestConflict",
          "OperationAborted");

  private static final Set<String> SKEWED =
      Set.of("RequestTimeTooSkewed", "RequestInTheFuture", "RequestExpired");

  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired");

  private static final Pattern XML_CODE = Pattern.compile("<Code>([^<]*)</Code>");
  private static final Pattern XML_MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");
  private static final Pattern XML_REQUEST = Pattern.compile("<RequestId>([^<]*)</RequestId>");
  private static final Pattern JSON_CODE = Pattern.compile("\"__type\"\\s*:\\s*\"([^\"]*)\"");
  private static final Pattern JSON_MESSAGE =
      Pattern.compile("\"[Mm]essage\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  static AwsError parse(int status, String type, String query, String request, String body) {
    String code = first(XML_CODE, body);
    if (!query.isEmpty()) {
      // SQS keeps the codes of its older protocol here; they are the ones documented.
      int end = query.indexOf(';');
      code = end < 0 ? query : query.substring(0, end);
    }
    if (code.isEmpty()) {
      code = type.isEmpty() ? first(JSON_CODE, body) : type;
      int end = code.indexOf(':');
      code = end < 0 ? code : code.substring(0, end);
      code = code.substring(code.lastIndexOf('#') + 1);
    }
    String message = first(XML_MESSAGE, body);
    return new AwsError(
        status,
        code.isEmpty() ? Integer.toString(status) : code,
        message.isEmpty() ? first(JSON_MESSAGE, body) : message,
        request.isEmpty() ? first(XML_REQUEST, body) : request);
  }

  private static String first(Pattern pattern, String body) {
    Matcher matcher = pattern.matcher(body);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** Returns whether the service asks for fewer requests. */
  public boolean throttled() {
    return status == 429 || status == 503 || THROTTLED.contains(code);
  }

  /** Returns whether the same request may succeed later. */
  public boolean passing() {
    return throttled() || (status >= 500 && status != 501) || PASSING.contains(code);
  }

  /** Returns whether this machine's clock differs too much from the service's. */
  boolean skewed() {
    return SKEWED.contains(code);
  }

  /** Returns whether the credentials have ended. */
  public boolean expired() {
    return EXPIRED.contains(code);
  }

  /** Returns status, code, words and the request's id, for a message. */
  @Override
  public String toString() {
    return status
        + (code.equals(Integer.toString(status)) ? "" : " " + code)
        + (message.isEmpty() ? "" : ": " + message)
        + (request.isEmpty() ? "" : " (request " + request + ")");
  }
}
