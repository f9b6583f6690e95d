package io.yunpipe.aws;

import io.yunpipe.ConfigurationException;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.BackendProvider;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings the backend {@code aws}: objects in S3, queues in SQS. Found as a service. */
public final class AwsBackendProvider implements BackendProvider {
  static final String NAME = "aws";

  private static final Pattern BUCKET =
      Pattern.compile("s3://([A-Za-z0-9][A-Za-z0-9._-]{1,254})(?:/([^/].*)?)?");

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

  /** Opens a bucket: {@code s3://bucket}, or {@code s3://bucket/prefix}. */
  @Override
  public Optional<ObjectStore> openStore(String location, Map<String, String> settings) {
    if (!location.startsWith("s3:")) {
      return Optional.empty();
    }
    Matcher parts = BUCKET.matcher(location);
    if (!parts.matches()) {
      throw new ConfigurationException(
          "of a store", List.of("expected s3://bucket/prefix, but found \"" + location + "\""));
    }
    Map<String, String> all = new HashMap<>(settings);
    all.put("bucket", parts.group(1));
    all.put("prefix", parts.group(2) == null ? "" : parts.group(2));
    AwsSettings read = AwsSettings.of(all);
    Services services =
        Services.signed(read, new StackNames(read.queuePrefix(), "any"), Clock.systemUTC());
    return Optional.of(new LateStore(services::store, services::close));
  }
}
