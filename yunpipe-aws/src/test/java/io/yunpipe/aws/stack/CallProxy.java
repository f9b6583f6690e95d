package io.yunpipe.aws.stack;

import com.sun.net.httpserver.HttpExchange;
import io.yunpipe.aws.http.TestProxy;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * Stands before an emulator, names and counts the calls of services, and answers some of them
 * itself: what the emulator cannot do, a test lets it say.
 */
final class CallProxy extends TestProxy {
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();

  private final Map<String, Answer> fixed = new ConcurrentHashMap<>();

  /** Names of change sets; the emulator makes a second one of a name. */
  private final Set<String> changeSets = ConcurrentHashMap.newKeySet();

  CallProxy(URI target) throws IOException {
    super(target);
  }

  /** Returns the names of the calls so far, such as {@code CreateChangeSet}. */
  List<String> calls() {
    return calls;
  }

  /** Lets a call be answered so from now on. */
  void always(String call, String body) {
    fixed.put(call, Answer.of(200, "application/json", body));
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
    return Answer.of(status, "text/xml", body);
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

  /** The service answers so. */
  static Fault says(String xml) {
    return forward -> Answer.of(200, "text/xml", xml);
  }

  /** The answer is another one. */
  static Fault changed(UnaryOperator<String> change) {
    return forward -> {
      Answer answer = forward.send();
      byte[] body = change.apply(answer.text()).getBytes(StandardCharsets.UTF_8);
      return new Answer(answer.status(), answer.headers(), body);
    };
  }

  @Override
  protected Answer answer(HttpExchange exchange, byte[] body) throws IOException {
    String call = name(exchange, body);
    calls.add(call);
    Queue<Fault> queue = faults.get(call);
    Fault fault;
    synchronized (this) {
      fault = queue == null ? null : queue.poll();
    }
    Forward forward = () -> known(call, exchange, body);
    return fault == null ? forward.send() : fault.answer(forward);
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
}
