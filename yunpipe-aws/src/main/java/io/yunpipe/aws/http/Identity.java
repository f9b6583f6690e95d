package io.yunpipe.aws.http;

import io.yunpipe.BackendException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The credentials in use; looked for again when a service says that they have ended. Thread-safe.
 */
public final class Identity {
  private static final Logger logger = LoggerFactory.getLogger(Identity.class);

  /** Many threads learn at once that credentials have ended; the first one's look is enough. */
  private static final long RENEWED_NANOS = 1_000_000_000L;

  private final Supplier<AwsCredentialsProvider> source;
  private final String where;
  private volatile AwsCredentialsProvider provider;
  private long renewedAt = System.nanoTime() - RENEWED_NANOS;

  /** Creates it over credentials that a program brings. */
  public Identity(Supplier<AwsCredentialsProvider> source) {
    this(source, "what this program gave");
  }

  /**
   * Creates it. Looks for nothing yet.
   *
   * @param source opens the provider; called again when what the last one gave has ended
   * @param where where the provider looks, for the message that nothing was found
   */
  public Identity(Supplier<AwsCredentialsProvider> source, String where) {
    this.source = source;
    this.where = where;
    this.provider = source.get();
  }

  /** Returns the credentials for the SDK's clients, which look anew for each call. */
  public AwsCredentialsProvider provider() {
    return this::credentials;
  }

  AwsCredentials credentials() {
    try {
      return provider.resolveCredentials();
    } catch (SdkException e) {
      throw new BackendException(
          "Could not find AWS credentials. Looked in: "
              + where
              + ". Sign in with 'aws sso login' or 'aws configure', or name a profile"
              + " (yunpipe.aws.profile). What was said: "
              + reasons(String.valueOf(e.getMessage())),
          e.retryable(),
          e);
    }
  }

  /** Leaves out the list of providers, which stands before what each of them says. */
  private static String reasons(String message) {
    int start = message.indexOf(" : [");
    return start < 0 ? message : message.substring(start + 3);
  }

  /** Looks for credentials anew. */
  synchronized void renew() {
    if (System.nanoTime() - renewedAt < RENEWED_NANOS) {
      return;
    }
    logger.info("The AWS credentials in use have ended; looking for new ones");
    AwsCredentialsProvider former = provider;
    provider = source.get();
    renewedAt = System.nanoTime();
    if (former != provider && former instanceof AutoCloseable closeable) {
      close(closeable);
    }
  }

  private static void close(AutoCloseable provider) {
    try {
      provider.close();
    } catch (Exception e) {
      logger.debug("Could not close what gave the former credentials", e);
    }
  }
}
