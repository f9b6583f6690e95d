package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Words for what S3 refuses: what was attempted, what came back, what to do. */
final class S3Errors {
  private static final Pattern EXPECTED_REGION = Pattern.compile("expecting '([a-z0-9-]+)'");

  private final String bucket;

  S3Errors(String bucket) {
    this.bucket = bucket;
  }

  /**
   * Returns the failure for an answer.
   *
   * @param region the bucket's region, if the answer told it; else empty
   */
  BackendException failed(
      S3Action action, String key, AwsError error, String region, @Nullable Throwable cause) {
    return new BackendException(
        "Could not "
            + action.words()
            + " "
            + name(action, key)
            + ": "
            + error
            + (error.message().endsWith(".") && error.request().isEmpty() ? " " : ". ")
            + advice(action, error, region),
        error.passing(),
        cause);
  }

  private String name(S3Action action, String key) {
    return "s3://" + bucket + "/" + key + (action == S3Action.LIST ? "*" : "");
  }

  private String advice(S3Action action, AwsError error, String region) {
    return switch (error.code()) {
      case "NoSuchBucket" ->
          "There is no bucket '"
              + bucket
              + "' at this endpoint. Check its name, the region and the account, or create it.";
      case "PermanentRedirect", "AuthorizationHeaderMalformed", "TemporaryRedirect", "301", "307" ->
          wrongRegion(error, region);
      case "ExpiredToken", "TokenRefreshRequired" ->
          "The session has ended. Sign in again, such as with 'aws sso login'.";
      case "InvalidAccessKeyId" ->
          "The service does not know this access key. Check which profile or variables are in use"
              + " (AWS_PROFILE, AWS_ACCESS_KEY_ID) and that the endpoint is the right one.";
      case "SignatureDoesNotMatch" ->
          "The secret key does not belong to the access key, or something between here and the"
              + " service changes requests. Check AWS_SECRET_ACCESS_KEY or the profile.";
      case "RequestTimeTooSkewed" -> "This machine's clock is wrong. Set it.";
      case "EntityTooLarge" ->
          "The object is larger than the service takes: 5 TiB for S3. Split it.";
      case "XAmzContentSHA256Mismatch", "BadDigest" ->
          "The bytes changed on their way or while they were read. Try again.";
      case "InvalidObjectState" -> "The object is archived. Restore it first.";
      case "SlowDown", "ServiceUnavailable", "503" ->
          "The service asks for fewer requests. Try again later or lower the parallelism.";
      default -> otherwise(action, error);
    };
  }

  private String otherwise(S3Action action, AwsError error) {
    if (error.status() == 403) {
      return "Grant "
          + action.permission()
          + " on "
          + action.resource(bucket)
          + " to the identity in use, and look for a policy of the bucket or its key that denies"
          + " it."
          + (action == S3Action.READ
              ? " S3 answers so for absent objects, too, if s3:ListBucket is not granted."
              : "");
    }
    if (error.passing()) {
      return "Try again later.";
    }
    return "Check the endpoint and the bucket's settings.";
  }

  private String wrongRegion(AwsError error, String region) {
    Matcher expected = EXPECTED_REGION.matcher(error.message());
    String right = region.isEmpty() && expected.find() ? expected.group(1) : region;
    return right.isEmpty()
        ? "The bucket is in another region. Set the region to the bucket's (yunpipe.aws.region or"
            + " AWS_REGION)."
        : "The bucket is in the region "
            + right
            + ". Set yunpipe.aws.region or AWS_REGION to "
            + right
            + ".";
  }
}
