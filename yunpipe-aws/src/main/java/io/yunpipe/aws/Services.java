package io.yunpipe.aws;

import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.s3.S3ObjectStore;
import io.yunpipe.aws.s3.S3Options;
import io.yunpipe.aws.s3.S3Place;
import io.yunpipe.aws.sqs.SqsOptions;
import io.yunpipe.aws.sqs.SqsQueues;
import io.yunpipe.aws.stack.Caller;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A store and queues.
 *
 * @param region the region
 * @param clients closes what was opened for them
 */
record Services(ObjectStore store, SqsQueues queues, String region, Runnable clients)
    implements AutoCloseable {
  /** Opens services over signed calls, which share one HTTP client. Touches no network. */
  static Services signed(AwsSettings settings, StackNames names, Clock clock) {
    Endpoints endpoints = Endpoints.of(settings);
    AwsHttp http =
        new AwsHttp(
            Connections.client(), Credentials.of(settings.profile()), endpoints.region(), clock);
    Function<String, ObjectStore> store =
        bucket ->
            S3ObjectStore.over(
                http,
                new S3Place(
                    endpoints.s3(),
                    settings.pathStyle().orElse(!endpoints.s3OfAws()),
                    bucket,
                    settings.prefix()),
                s3Options(settings, endpoints.s3OfAws()));
    QueryService sts =
        new QueryService(http, "sts", endpoints.of(Endpoints.Service.STS), Caller.STS_VERSION);
    return new Services(
        settings.bucket().isEmpty()
            ? new LateStore(
                () -> store.apply(names.bucket(Caller.account(sts, endpoints.region()))))
            : store.apply(settings.bucket()),
        SqsQueues.over(http, endpoints.sqs(), sqsOptions(settings, endpoints.sqsOfAws())),
        endpoints.region(),
        http::close);
  }

  /** Opens services over clients, which stay open. */
  static Services of(AwsSettings settings, S3Client s3, SqsClient sqs) {
    boolean ofAws = sqs.serviceClientConfiguration().endpointOverride().isEmpty();
    boolean s3OfAws = s3.serviceClientConfiguration().endpointOverride().isEmpty();
    return new Services(
        S3ObjectStore.over(s3, settings.bucket(), settings.prefix(), s3Options(settings, s3OfAws)),
        SqsQueues.over(sqs, sqsOptions(settings, ofAws)),
        sqs.serviceClientConfiguration().region().id(),
        () -> {});
  }

  private static S3Options s3Options(AwsSettings settings, boolean ofAws) {
    return new S3Options(settings.partMib() << 20, settings.parallelism(), ofAws);
  }

  private static SqsOptions sqsOptions(AwsSettings settings, boolean ofAws) {
    return new SqsOptions(settings.fairQueues().orElse(ofAws), settings.parallelism());
  }

  @Override
  public void close() {
    store.close();
    clients.run();
  }
}
