package io.yunpipe.aws.http;

import io.yunpipe.aws.http.AwsFailure.Attempt;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Calls of a service that takes forms and answers XML (AWS's query protocol), such as EC2. For the
 * few calls of services whose generated client is large. Thread-safe.
 */
public final class QueryService {
  private final AwsHttp http;
  private final String service;
  private final URI endpoint;
  private final String version;

  /**
   * Creates it.
   *
   * @param service what signatures and permissions name, such as {@code ec2}
   * @param endpoint scheme, host and port
   * @param version the date of the service's interface, such as {@code 2016-11-15}
   */
  public QueryService(AwsHttp http, String service, URI endpoint, String version) {
    this.http = http;
    this.service = service;
    this.endpoint = endpoint;
    this.version = version;
  }

  /**
   * Calls.
   *
   * @param action such as {@code DescribeSubnets}
   * @param parameters such as {@code SubnetId.1}
   * @param on the resource in words, for messages
   * @return the answer's root
   * @throws io.yunpipe.BackendException if the call failed; one that the service refused has an
   *     {@link AwsRefusal} as its cause
   */
  public XmlNode call(String action, Map<String, String> parameters, String on) {
    Map<String, String> form = new TreeMap<>(parameters);
    form.put("Action", action);
    form.put("Version", version);
    Call call =
        new Call(
            service,
            SdkHttpMethod.POST,
            endpoint,
            "/",
            Map.of(),
            Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            Call.Slice.of(encoded(form).getBytes(StandardCharsets.UTF_8)));
    return http.send(
        call,
        reply -> {
          if (reply.error().isPresent()) {
            AwsError error = reply.error().get();
            throw AwsFailure.of(
                new Attempt(service + ":" + action, on), error, new AwsRefusal(error));
          }
          return XmlNode.read(reply.body());
        });
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
