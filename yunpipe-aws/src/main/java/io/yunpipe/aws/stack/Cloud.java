package io.yunpipe.aws.stack;

import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.JsonService;
import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.s3.S3ObjectStore;
import io.yunpipe.aws.s3.S3Options;
import io.yunpipe.aws.s3.S3Place;
import io.yunpipe.aws.template.Account;
import io.yunpipe.spi.ObjectStore;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The services that a stack's life needs.
 *
 * @param http signed calls
 * @param region the region
 * @param endpoints where a service is, by its name and the first part of its host
 * @param pathStyle whether buckets are parts of paths
 * @param checksums whether S3 is AWS's own
 * @param clock the time
 * @param look how long to wait between two looks at work in progress
 */
public record Cloud(
    AwsHttp http,
    String region,
    BiFunction<String, String, URI> endpoints,
    boolean pathStyle,
    boolean checksums,
    Clock clock,
    Duration look) {
  private static final String EC2_VERSION = "2016-11-15";

  CloudFormation cloudFormation() {
    return new CloudFormation(query("CloudFormation", "cloudformation", CloudFormation.VERSION));
  }

  QueryService ec2() {
    return query("EC2", "ec2", EC2_VERSION);
  }

  QueryService sts() {
    return query("STS", "sts", Caller.STS_VERSION);
  }

  /** Returns calls of IAM, of which there is one for all regions of a partition. */
  QueryService iam(Account account) {
    String home =
        switch (account.partition()) {
          case "aws-cn" -> "cn-north-1";
          case "aws-us-gov" -> "us-gov-west-1";
          default -> "us-east-1";
        };
    return new QueryService(
        http.in(home), "iam", endpoints.apply("IAM", "iam"), ServiceRoles.IAM_VERSION);
  }

  private QueryService query(String id, String host, String version) {
    return new QueryService(http, host, endpoints.apply(id, host), version);
  }

  /** Returns calls of a service that speaks JSON; the host may have more parts than its name. */
  JsonService json(String id, String host, String target) {
    String service = host.substring(host.lastIndexOf('.') + 1);
    return JsonService.targeted(http, service, endpoints.apply(id, host), target, "1.1", Map.of());
  }

  /** Returns calls of AWS Batch. */
  JsonService batch() {
    return JsonService.rest(http, "batch", endpoints.apply("Batch", "batch"), "/v1/");
  }

  Buckets buckets() {
    return new Buckets(http, endpoints.apply("S3", "s3"), pathStyle);
  }

  /** Returns the objects of a bucket. */
  ObjectStore store(String bucket) {
    return S3ObjectStore.over(
        http,
        new S3Place(endpoints.apply("S3", "s3"), pathStyle, bucket, ""),
        new S3Options(8L << 20, 4, checksums, 32L << 20));
  }

  /** Returns how to wait between two looks at work in progress. */
  public Pause pause() {
    return Pause.of(look);
  }
}
