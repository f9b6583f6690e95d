package io.yunpipe.aws.compute;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.JsonService;
import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.http.TestHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers of a service that no emulator gives, by path or by action. */
final class FakeService implements AutoCloseable {
  private static final Pattern ACTION = Pattern.compile("^Action=([A-Za-z]+)&");

  private final HttpServer server;
  private final AwsHttp http;
  private final Map<String, Deque<String>> answers = new HashMap<>();
  private final List<String> requests = new ArrayList<>();

  FakeService(Clock clock) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    http = TestHttp.open(clock);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  JsonService batch() {
    return JsonService.rest(http, "batch", endpoint(), "/v1/");
  }

  JsonService ecs() {
    return JsonService.targeted(http, "ecs", endpoint(), "Ecs", "1.1", Map.of());
  }

  QueryService ec2() {
    return new QueryService(http, "ec2", endpoint(), "2016-11-15");
  }

  /** Answers the next call of an action so, and all after it unless there are more answers. */
  synchronized void on(String action, String... json) {
    answers.put(action, new ArrayDeque<>(List.of(json)));
  }

  /** Returns the bodies of the calls of an action. */
  synchronized List<String> requests(String action) {
    return requests.stream()
        .filter(request -> request.startsWith(action + " "))
        .map(request -> request.substring(action.length() + 1))
        .toList();
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String path = exchange.getRequestURI().getPath();
    Matcher form = ACTION.matcher(body);
    String action =
        target != null
            ? target.substring(target.indexOf('.') + 1)
            : form.find() ? form.group(1) : path.substring(path.lastIndexOf('/') + 1);
    requests.add(action + " " + body);
    Deque<String> left = answers.getOrDefault(action, new ArrayDeque<>());
    String json = left.isEmpty() ? "{}" : left.size() == 1 ? left.getFirst() : left.removeFirst();
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(
        json.contains("\"__type\"") || json.contains("<Code>") ? 400 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    http.close();
    server.stop(0);
  }
}
