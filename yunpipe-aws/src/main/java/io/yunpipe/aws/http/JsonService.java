package io.yunpipe.aws.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpMethod;

/** A service that speaks JSON, without the SDK's client for it. Thread-safe. */
public final class JsonService {
  private final AwsHttp http;
  private final String service;
  private final URI endpoint;
  private final Form form;

  /** Writes the fields of a request. */
  @FunctionalInterface
  public interface Fields {
    /** Writes fields; the object around them is there. */
    void write(JsonGenerator json) throws IOException;
  }

  /** How a request says what it asks for. */
  private interface Form {
    String path(String action);

    Map<String, String> headers(String action);
  }

  private JsonService(AwsHttp http, String service, URI endpoint, Form form) {
    this.http = http;
    this.service = service;
    this.endpoint = endpoint;
    this.form = form;
  }

  /**
   * Returns a service whose actions are paths, such as AWS Batch ({@code /v1/submitjob}).
   *
   * @param service the name that signatures have
   * @param path what stands before the action
   */
  public static JsonService rest(AwsHttp http, String service, URI endpoint, String path) {
    Map<String, String> headers = Map.of("Content-Type", "application/json");
    return new JsonService(
        http,
        service,
        endpoint,
        new Form() {
          @Override
          public String path(String action) {
            return path + action.toLowerCase(Locale.ROOT);
          }

          @Override
          public Map<String, String> headers(String action) {
            return headers;
          }
        });
  }

  /**
   * Returns a service whose actions are named in a header, such as ECS and SQS.
   *
   * @param service the name that signatures have
   * @param target what stands before the action, without the dot
   * @param version the protocol's, {@code 1.0} or {@code 1.1}
   * @param more more headers
   */
  public static JsonService targeted(
      AwsHttp http,
      String service,
      URI endpoint,
      String target,
      String version,
      Map<String, String> more) {
    return new JsonService(
        http,
        service,
        endpoint,
        new Form() {
          @Override
          public String path(String action) {
            return "/";
          }

          @Override
          public Map<String, String> headers(String action) {
            Map<String, String> headers = new LinkedHashMap<>(more);
            headers.put("Content-Type", "application/x-amz-json-" + version);
            headers.put("X-Amz-Target", target + "." + action);
            return headers;
          }
        });
  }

  /**
   * Calls the service.
   *
   * @param action such as {@code SubmitJob}
   * @param on the resource in words, for messages
   * @throws io.yunpipe.BackendException if the call failed; one that the service refused has an
   *     {@link AwsRefusal} as its cause
   */
  public JsonAnswer call(String action, String on, Fields fields) {
    try {
      return ask(action, fields);
    } catch (AwsRefusal e) {
      throw AwsFailure.of(new AwsFailure.Attempt(service + ":" + action, on), e.error(), e);
    }
  }

  /**
   * Calls the service.
   *
   * @throws AwsRefusal if it refuses
   * @throws io.yunpipe.BackendException if it cannot be reached
   */
  public JsonAnswer ask(String action, Fields fields) {
    Call call =
        new Call(
            service,
            SdkHttpMethod.POST,
            endpoint,
            form.path(action),
            Map.of(),
            form.headers(action),
            Call.Slice.of(json(fields)));
    return http.send(
        call,
        reply -> {
          Optional<AwsError> error = reply.error();
          if (error.isPresent()) {
            throw new AwsRefusal(error.get());
          }
          return JsonAnswer.read(reply.body());
        });
  }

  private static byte[] json(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonAnswer.JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write JSON to memory", e);
    }
    return bytes.toByteArray();
  }
}
