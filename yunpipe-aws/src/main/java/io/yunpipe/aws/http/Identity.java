package io.yunpipe.aws.http;

import io.yunpipe.BackendException;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/** The credentials in use; looked for again when a service says that they have ended. */
public final class Identity {
  private final Supplier<AwsCredentialsProvider> source;
  private volatile AwsCredentialsProvider provider;

  /**
   * Creates it.
   *
   * @param source opens the provider; called again when what the last one gave has ended
   */
  public Identity(Supplier<AwsCredentialsProvider> source) {
    this.source = source;
    this.provider = source.get();
  }

  AwsCredentials credentials() {
    try {
      return provider.resolveCredentials();
    } catch (SdkException e) {
      throw new BackendException(
          "Could not find AWS credentials. Looked in: system properties aws.accessKeyId and"
              + " aws.secretAccessKey; environment variables AWS_ACCESS_KEY_ID and"
              + " AWS_SECRET_ACCESS_KEY; web identity (AWS_WEB_IDENTITY_TOKEN_FILE); the profile"
              + " (yunpipe.aws.profile, AWS_PROFILE or 'default') in ~/.aws/config and"
              + " ~/.aws/credentials, with SSO if it says so; the container's and the machine's"
              + " role. Sign in with 'aws sso login' or 'aws configure', or name a profile."
              + " What they said: "
              + e.getMessage(),
          e);
    }
  }

  /** Looks for credentials anew. */
  void renew() {
    provider = source.get();
  }
}
