package io.yunpipe.aws;

import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.Identity;
import io.yunpipe.aws.http.QueryService;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/**
 * How the services that make and start things are reached. Opened by the first use, since most
 * programs only move data. Thread-safe.
 */
final class Control implements AutoCloseable {
  private static final String EC2_VERSION = "2016-11-15";

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

  @Override
  public void close() {
    http.close();
  }
}
