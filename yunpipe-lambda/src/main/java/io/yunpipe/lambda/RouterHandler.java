package io.yunpipe.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.runner.JsonLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The router as an AWS Lambda function. Takes messages of SQS (with partial batch responses),
 * notifications of S3, events of EventBridge and scheduled ticks. What it opens lives as long as
 * its container; its settings are environment variables, as docs/uploads.md explains.
 */
public final class RouterHandler implements RequestStreamHandler {
  static {
    // Before any logger is made; the function's log then has a JSON object per line.
    JsonLog.install();
  }

  private final OpenRouter router;

  /** For Lambda. */
  public RouterHandler() {
    this(System.getenv(), System.out::println);
  }

  /**
   * Creates it.
   *
   * @param metrics takes lines of the function's log that hold metrics
   */
  RouterHandler(Map<String, String> environment, Consumer<String> metrics) {
    Clock clock = Clock.systemUTC();
    this.router =
        new OpenRouter(RouterSettings.of(environment), clock, new Metrics(metrics, clock));
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Set<String> failed = router.dispatcher().serve(EventReader.invocation(input));
    output.write(answer(failed).getBytes(StandardCharsets.UTF_8));
  }

  /** An empty list is written as one: it says that all messages are done. */
  private static String answer(Set<String> failed) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode failures = answer.putArray("batchItemFailures");
    failed.forEach(id -> failures.addObject().put("itemIdentifier", id));
    return answer.toString();
  }
}
