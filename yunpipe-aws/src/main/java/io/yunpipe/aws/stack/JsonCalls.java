package io.yunpipe.aws.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.aws.http.AwsError;
import io.yunpipe.aws.http.AwsFailure;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.aws.http.Call;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Calls of a service that takes and answers JSON.
 *
 * @param service what signatures name
 * @param target what stands before the action's name
 */
record JsonCalls(AwsHttp http, String service, URI endpoint, String target) {
  static final ObjectMapper MAPPER = new ObjectMapper();

  JsonNode call(String action, ObjectNode request, String on) {
    Call call =
        new Call(
            service,
            SdkHttpMethod.POST,
            endpoint,
            "/",
            Map.of(),
            Map.of(
                "Content-Type",
                "application/x-amz-json-1.1",
                "X-Amz-Target",
                target + "." + action),
            Call.Slice.of(request.toString().getBytes(StandardCharsets.UTF_8)));
    return http.send(
        call,
        reply -> {
          if (reply.error().isPresent()) {
            AwsError error = reply.error().get();
            throw AwsFailure.of(
                new AwsFailure.Attempt(permissions() + ":" + action, on),
                error,
                new AwsRefusal(error));
          }
          return MAPPER.readTree(reply.body().readAllBytes());
        });
  }

  /** Returns what permissions name; one service has two names. */
  private String permissions() {
    return service.equals("tagging") ? "tag" : service;
  }
}
