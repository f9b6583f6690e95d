package io.yunpipe.aws.sqs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Passes requests of SQS's protocol on to a server, but for faults that a test asks for. */
final class FaultyProxy implements AutoCloseable {
  private final URI target;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  /** A request that came in. */
  record Seen(String action, String body, String authorization) {}

  /** What an answer is. */
  record Answer(int status, Map<String, String> headers, String body) {}

  /** What happens to a request. */
  @FunctionalInterface
  interface Fault {
    /** Answers, or throws to end the connection without an answer. */
    Answer answer(Forward forward) throws IOException;
  }

  /** Passes the request on. */
  @FunctionalInterface
  interface Forward {
    Answer send() throws IOException;
  }

  FaultyProxy(URI target) throws IOException {
    this.target = target;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
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
            "{\"__type\":\"com.amazonaws.sqs#%s\",\"message\":\"%s\"}".formatted(code, message));
  }

  /** The service answers so. */
  static Fault answer(String json) {
    return forward -> new Answer(200, Map.of(), json);
  }

  /** The connection ends before the request is carried out. */
  static Fault drop() {
    return forward -> {
      throw new IOException("dropped");
    };
  }

  /** The request is carried out, but the connection ends before its answer. */
  static Fault loseAnswer() {
    return forward -> {
      forward.send();
      throw new IOException("lost");
    };
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String action = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    seen.add(
        new Seen(
            action.substring(action.indexOf('.') + 1),
            new String(body, StandardCharsets.UTF_8),
            exchange.getRequestHeaders().getFirst("Authorization")));
    Fault fault = faults.poll();
    try (exchange) {
      Forward forward = () -> forward(exchange, body);
      Answer answer = fault == null ? forward.send() : fault.answer(forward);
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Answer forward(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (String name : List.of("Content-Type", "X-Amz-Target", "X-Amz-Date", "Authorization")) {
      request.header(name, exchange.getRequestHeaders().getFirst(name));
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), Map.of(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
