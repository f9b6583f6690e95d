package io.yunpipe.aws.sqs;

import com.sun.net.httpserver.HttpExchange;
import io.yunpipe.aws.http.TestProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes requests of SQS's protocol on to a server, but for faults that a test asks for. */
final class FaultyProxy extends TestProxy {
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  /** A request that came in. */
  record Seen(String action, String body, String authorization) {}

  FaultyProxy(URI target) throws IOException {
    super(target);
  }

  /** Lets faults happen to the next requests, one each. */
  void next(Fault... some) {
    faults.addAll(List.of(some));
  }

  List<Seen> seen() {
    return seen;
  }

  /** The service refuses. */
  static Fault refuse(int status, String code, String message) {
    return forward ->
        new Answer(
            status,
            Map.of("x-amzn-query-error", code + ";Sender", "x-amzn-RequestId", "request-1"),
            "{\"__type\":\"com.amazonaws.sqs#%s\",\"message\":\"%s\"}"
                .formatted(code, message)
                .getBytes(StandardCharsets.UTF_8));
  }

  /** The service answers so. */
  static Fault answer(String json) {
    return forward -> Answer.of(200, "application/x-amz-json-1.0", json);
  }

  @Override
  protected Answer answer(HttpExchange exchange, byte[] body) throws IOException {
    String action = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    seen.add(
        new Seen(
            action.substring(action.indexOf('.') + 1),
            new String(body, StandardCharsets.UTF_8),
            exchange.getRequestHeaders().getFirst("Authorization")));
    Fault fault = faults.poll();
    Forward forward = () -> forward(exchange, body);
    return fault == null ? forward.send() : fault.answer(forward);
  }
}
