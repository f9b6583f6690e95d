package io.yunpipe.wrap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Stands before a registry, or in its place, and behaves as some registries do. */
final class FrontServer implements AutoCloseable {
  private static final List<String> HOP =
      List.of("connection", "content-length", "transfer-encoding", "upgrade", "host");

  private final HttpServer server;
  private final int port;
  private final Manner manner;
  private final HttpClient client = HttpClient.newHttpClient();

  /** Requests in their order, such as {@code GET /v2/}. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** What is done otherwise than by the registry behind. */
  @FunctionalInterface
  interface Manner {
    /**
     * Answers a request.
     *
     * @return the request that is passed on, or null if this was the answer
     */
    @Nullable String answer(HttpExchange exchange, String uri) throws IOException;
  }

  /**
   * Starts one.
   *
   * @param port of the registry; 0 for none
   */
  FrontServer(int port, Manner manner) throws IOException {
    this.port = port;
    this.manner = manner;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Ends a request without a body. */
  static @Nullable String status(HttpExchange exchange, int status) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, -1);
    return null;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String uri = exchange.getRequestURI().toString();
    asked.add(exchange.getRequestMethod() + " " + uri);
    try (exchange) {
      @Nullable String passed = manner.answer(exchange, uri);
      if (passed != null) {
        pass(exchange, passed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(HttpExchange exchange, String uri) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + uri))
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    HttpResponse<byte[]> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!HOP.contains(name)) {
                values.forEach(
                    value ->
                        exchange
                            .getResponseHeaders()
                            .add(name, value.replace("127.0.0.1:" + port, host())));
              }
            });
    boolean empty =
        answer.body().length == 0
            || exchange.getRequestMethod().equals("HEAD")
            || answer.statusCode() == HttpURLConnection.HTTP_NO_CONTENT;
    exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : answer.body().length);
    if (!empty) {
      exchange.getResponseBody().write(answer.body());
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
