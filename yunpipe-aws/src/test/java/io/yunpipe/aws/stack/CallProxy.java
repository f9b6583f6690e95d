package io.yunpipe.aws.stack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * Stands before an emulator, names and counts the calls of services, and answers some of them
 * itself: what the emulator cannot do, a test lets it say.
 */
final class CallProxy implements AutoCloseable {
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
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();

  private final Map<String, Answer> fixed = new ConcurrentHashMap<>();

  /** Names of change sets; the emulator makes a second one of a name. */
  private final Set<String> changeSets = ConcurrentHashMap.newKeySet();

  /** An answer. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Answer(int status, String type, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Passes a request on. */
  @FunctionalInterface
  interface Forward {
    Answer send() throws IOException;
  }

  /** What happens to a request. */
  @FunctionalInterface
  interface Fault {
    Answer answer(Forward forward) throws IOException;
  }

  CallProxy(URI target) throws IOException {
    this.target = target;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Returns the names of the calls so far, such as {@code CreateChangeSet}. */
  List<String> calls() {
    return calls;
  }

  /** Lets a call be answered so from now on. */
  void always(String call, String body) {
    fixed.put(call, new Answer(200, "application/json", body.getBytes(StandardCharsets.UTF_8)));
  }

  /** Forgets what was seen and planned. */
  void forget() {
    calls.clear();
    faults.clear();
  }

  /** Lets faults happen to the next calls of a name, one each. */
  void next(String call, Fault... some) {
    faults.computeIfAbsent(call, any -> new ArrayDeque<>()).addAll(List.of(some));
  }

  /** The service refuses, in the words of its protocol. */
  static Fault refuse(int status, String code, String message) {
    return forward -> error(status, code, message);
  }

  private static Answer error(int status, String code, String message) {
    // All protocols in one: XML services look for elements, JSON services for fields.
    String body =
        "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
            .formatted(code, message);
    return new Answer(status, "text/xml", body.getBytes(StandardCharsets.UTF_8));
  }

  static Fault denied() {
    return refuse(403, "AccessDenied", "no identity-based policy allows it");
  }

  static Fault throttled() {
    return refuse(503, "Throttling", "Rate exceeded");
  }

  static Fault broken() {
    return refuse(500, "InternalFailure", "again, please");
  }

  /** The connection ends before the call is carried out. */
  static Fault drop() {
    return forward -> {
      throw new IOException("dropped");
    };
  }

  /** The call is carried out, but its answer is lost. */
  static Fault lose() {
    return forward -> {
      forward.send();
      throw new IOException("lost");
    };
  }

  /** The service answers so. */
  static Fault says(String xml) {
    return forward -> new Answer(200, "text/xml", xml.getBytes(StandardCharsets.UTF_8));
  }

  /** The answer is another one. */
  static Fault changed(UnaryOperator<String> change) {
    return forward -> {
      Answer answer = forward.send();
      return new Answer(
          answer.status(),
          answer.type(),
          change.apply(answer.text()).getBytes(StandardCharsets.UTF_8));
    };
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String call = name(exchange, body);
    calls.add(call);
    try (exchange) {
      Queue<Fault> queue = faults.get(call);
      Fault fault;
      synchronized (this) {
        fault = queue == null ? null : queue.poll();
      }
      Forward forward = () -> known(call, exchange, body);
      Answer answer = fault == null ? forward.send() : fault.answer(forward);
      exchange.getResponseHeaders().add("Content-Type", answer.type());
      boolean empty = exchange.getRequestMethod().equals("HEAD") || answer.body().length == 0;
      exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
      if (!empty) {
        exchange.getResponseBody().write(answer.body());
      }
    }
  }

  private Answer known(String call, HttpExchange exchange, byte[] body) throws IOException {
    Answer always = fixed.get(call);
    if (always != null) {
      return always;
    }
    String form = new String(body, StandardCharsets.UTF_8);
    if (call.equals("CreateChangeSet")
        && !changeSets.add(field(form, "StackName") + "|" + field(form, "ChangeSetName"))) {
      return error(400, "AlreadyExistsException", "ChangeSet already exists");
    }
    // The emulator reads templates from hosts of AWS's names and from localhost only.
    byte[] sent =
        form.contains("TemplateURL=http%3A%2F%2F127.0.0.1")
            ? form.replace(
                    "TemplateURL=http%3A%2F%2F127.0.0.1", "TemplateURL=http%3A%2F%2Flocalhost")
                .getBytes(StandardCharsets.UTF_8)
            : body;
    Answer answer = forward(exchange, sent);
    if (call.equals("DeleteChangeSet")) {
      String id = field(form, "ChangeSetName");
      changeSets.removeIf(
          one -> {
            String name = one.substring(one.indexOf('|') + 1);
            return id.equals(name) || id.contains("/" + name + "/");
          });
    }
    if (call.equals("DeleteStack")) {
      String stack = field(form, "StackName");
      changeSets.removeIf(one -> stack.contains(one.substring(0, one.indexOf('|'))));
    }
    return answer;
  }

  private static String field(String form, String name) {
    for (String pair : form.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private static String name(HttpExchange exchange, byte[] body) {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    if (target != null) {
      return target.substring(target.indexOf('.') + 1);
    }
    String action = field(new String(body, StandardCharsets.ISO_8859_1), "Action");
    if (!action.isEmpty()) {
      return action;
    }
    String query = exchange.getRequestURI().getRawQuery();
    String path = exchange.getRequestURI().getPath();
    String what = query == null ? "" : "?" + query.replaceAll("[=&].*", "");
    boolean object = path.indexOf('/', 1) > 0 && path.indexOf('/', 1) < path.length() - 1;
    return exchange.getRequestMethod() + (object ? " object" : " bucket") + what;
  }

  private Answer forward(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!LEFT_OUT.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse("text/plain"),
          response.body());
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
