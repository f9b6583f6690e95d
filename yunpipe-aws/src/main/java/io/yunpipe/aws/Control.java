package io.yunpipe.aws;

import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.Identity;
import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.stack.Cloud;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * How the services that make and start things are reached. Opened by the first use, since most
 * programs only move data. Thread-safe.
 */
final class Control implements AutoCloseable {
  private static final String EC2_VERSION = "2016-11-15";

  /** CloudFormation works for minutes; a look costs a request that others share. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Endpoints endpoints;
  private final Identity identity;
  private final AwsHttp http;

  Control(AwsSettings settings, Clock clock) {
    this.endpoints = Endpoints.of(settings);
    this.identity = Credentials.of(settings.profile());
    this.http = new AwsHttp(Connections.client(), identity, endpoints.region(), clock);
  }

  /** Returns signed calls. */
  AwsHttp http() {
    return http;
  }

  Identity identity() {
    return identity;
  }

  String region() {
    return endpoints.region();
  }

  /** Returns where a service is, such as {@code Batch} at {@code batch}. */
  URI endpoint(String id, String host) {
    return endpoints.of(new Endpoints.Service(id, host));
  }

  /** Returns the server that takes a service's place, if it is not AWS's. */
  Optional<URI> elsewhere(String id) {
    return endpoints.elsewhere(new Endpoints.Service(id, ""));
  }

  /** Returns calls of EC2. */
  QueryService ec2() {
    return new QueryService(http, "ec2", endpoints.of(Endpoints.Service.EC2), EC2_VERSION);
  }

  /** Returns what the life of a stack needs. */
  Cloud cloud(AwsSettings settings, Clock clock) {
    return new Cloud(
        http,
        endpoints.region(),
        this::endpoint,
        settings.pathStyle().orElse(!endpoints.s3OfAws()),
        endpoints.s3OfAws(),
        clock,
        LOOK);
  }

  @Override
  public void close() {
    http.close();
  }
}
