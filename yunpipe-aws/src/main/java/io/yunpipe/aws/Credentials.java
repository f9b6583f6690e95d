package io.yunpipe.aws;

import io.yunpipe.aws.http.Identity;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;

/** Where credentials come from. Profile files are read only if nothing before them has any. */
final class Credentials {
  private Credentials() {}

  /**
   * Returns the credentials of a profile, or what the usual places have.
   *
   * @param profile a profile that the settings name, which counts more than the environment; or
   *     empty
   */
  static Identity of(String profile) {
    if (!profile.isEmpty()) {
      return new Identity(
          () -> ProfileCredentialsProvider.create(profile),
          "profile '"
              + profile
              + "' (yunpipe.aws.profile) in ~/.aws/config and ~/.aws/credentials, or the files that"
              + " AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name");
    }
    return new Identity(
        Credentials::usual,
        "system properties aws.accessKeyId and aws.secretAccessKey; environment variables"
            + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; web identity"
            + " (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN); the profile (AWS_PROFILE or"
            + " 'default') in ~/.aws/config and ~/.aws/credentials, with SSO if it says so; the"
            + " container's role (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI); the"
            + " machine's role");
  }

  /** The SDK's whole chain takes a while to load, and what comes first in it is quickly seen. */
  private static AwsCredentialsProvider usual() {
    boolean given =
        (set(System.getProperty("aws.accessKeyId"))
                && set(System.getProperty("aws.secretAccessKey")))
            || (set(System.getenv("AWS_ACCESS_KEY_ID"))
                && set(System.getenv("AWS_SECRET_ACCESS_KEY")));
    return given
        ? AwsCredentialsProviderChain.of(
            SystemPropertyCredentialsProvider.create(),
            EnvironmentVariableCredentialsProvider.create())
        : DefaultCredentialsProvider.builder().build();
  }

  private static boolean set(@Nullable String value) {
    return value != null && !value.isBlank();
  }
}
