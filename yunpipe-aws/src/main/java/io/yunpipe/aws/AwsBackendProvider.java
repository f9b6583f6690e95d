package io.yunpipe.aws;

import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.BackendProvider;
import java.util.Map;

/** Brings the backend {@code aws}: objects in S3, queues in SQS. Found as a service. */
public final class AwsBackendProvider implements BackendProvider {
  static final String NAME = "aws";

  /** For {@link java.util.ServiceLoader}. */
  public AwsBackendProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Opens the backend. Touches no network, unless the region is nowhere but in the machine's own
   * metadata.
   */
  @Override
  public Backend open(BackendContext context) {
    AwsSettings settings = AwsSettings.of(context.settings());
    return new AwsBackend(
        settings,
        context,
        Services.signed(settings, AwsBackend.names(settings, context), context.clock()));
  }

  @Override
  public Map<String, String> documents(BackendContext context) {
    AwsSettings settings = AwsSettings.of(context.settings());
    return AwsDocuments.of(settings, context, Endpoints.of(settings).region());
  }
}
