package io.yunpipe.aws;

import io.yunpipe.BackendSource;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.BackendProvider;
import java.util.Objects;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The AWS backend with clients that a program has. */
public final class Aws {
  private Aws() {}

  /**
   * Returns the backend {@code aws} over ready-made clients, whose region, credentials, endpoints,
   * retries and time limits count. The other settings below {@code yunpipe.aws} are as usual; the
   * bucket must be named there. The clients stay open when the pipeline is closed.
   *
   * <pre>{@code
   * Pipeline.builder().backend(Aws.with(s3, sqs)).setting("yunpipe.aws.bucket", "my-lab")
   * }</pre>
   */
  public static BackendSource with(S3Client s3, SqsClient sqs) {
    Objects.requireNonNull(s3, "s3");
    Objects.requireNonNull(sqs, "sqs");
    return new WithClients(s3, sqs);
  }

  private record WithClients(S3Client s3, SqsClient sqs) implements BackendProvider {
    @Override
    public String name() {
      return AwsBackendProvider.NAME;
    }

    @Override
    public Backend open(BackendContext context) {
      AwsSettings settings = AwsSettings.of(context.settings());
      return new AwsBackend(settings, context, Services.of(settings, s3, sqs));
    }
  }
}
