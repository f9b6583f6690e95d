package io.yunpipe.aws.http;

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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a server and passes requests on, unless a test lets something else happen. */
public abstract class TestProxy implements AutoCloseable {
  static {
    // Read once, by the first server of the process. Otherwise the end of each answer waits 40 ms
    // for the client to confirm its beginning.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final Set<String> LEFT_OUT =
      Set.of("host", "content-length", "connection", "expect", "upgrade", "transfer-encoding");

  private final URI target;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** An answer. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    public static Answer of(int status, String type, String body) {
      return new Answer(
          status, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Passes a request on. */
  @FunctionalInterface
  public interface Forward {
    Answer send() throws IOException;
  }

  /** What happens to a request. */
  @FunctionalInterface
  public interface Fault {
    /** Answers, or throws to end the connection without an answer. */
    Answer answer(Forward forward) throws IOException;
  }

  protected TestProxy(URI target) throws IOException {
    this.target = target;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Returns where it is. */
  public final URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The connection ends before the request is carried out. */
  public static Fault drop() {
    return forward -> {
      throw new IOException("dropped");
    };
  }

  /** The request is carried out, but its answer is lost. */
  public static Fault lose() {
    return forward -> {
      forward.send();
      throw new IOException("lost");
    };
  }

  /** Answers a request, or throws to end the connection without an answer. */
  protected abstract Answer answer(HttpExchange exchange, byte[] body) throws IOException;

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    try (exchange) {
      Answer answer = answer(exchange, body);
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      boolean empty = exchange.getRequestMethod().equals("HEAD") || answer.body().length == 0;
      exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
      if (!empty) {
        exchange.getResponseBody().write(answer.body());
      }
    }
  }

  /** Passes a request on with another body. */
  protected final Answer forward(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!LEFT_OUT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      String type = response.headers().firstValue("Content-Type").orElse("text/plain");
      return new Answer(response.statusCode(), Map.of("Content-Type", type), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }

  @Override
  public final void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
