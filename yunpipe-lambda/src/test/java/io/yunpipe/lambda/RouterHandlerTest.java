package io.yunpipe.lambda;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RouterHandlerTest {
  private static final String NOTHING_FAILED = "{\"batchItemFailures\":[]}";

  /** Returns messages of a queue as Lambda hands them over; their ids count from 0. */
  private static String batch(String... bodies) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    ArrayNode records = event.putArray("Records");
    for (String body : bodies) {
      records
          .addObject()
          .put("messageId", "m" + records.size())
          .put("body", body)
          .put("eventSource", "aws:sqs");
    }
    return event.toString();
  }

  @Test
  void messages_areAnsweredWithThoseThatMustComeAgain(@TempDir Path folder) throws Exception {
    try (LocalLab lab = new LocalLab(folder.resolve("store"))) {
      RouterHandler handler =
          new RouterHandler(
              Map.of(
                  "YUNPIPE_BACKEND", "local",
                  "YUNPIPE_LOCAL_DIRECTORY", folder.resolve("store").toString(),
                  "YUNPIPE_LOCAL_FSYNC", "false"),
              line -> {});
      String event = batch(lab.upload("monday/a.txt", "one"), "what?", Golden.text("test-event"));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      handler.handleRequest(
          new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer, null);
      assertThat(answer.toString(StandardCharsets.UTF_8))
          .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"m2\"}]}");
      await()
          .atMost(30, SECONDS)
          .untilAsserted(() -> assertThat(lab.results("a.txt")).containsExactly("one"));
    }
  }

  /** AWS's own runtime client, with its native part, starts the handler as a container would. */
  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      disabledReason = "AWS's runtime client has native code for Linux only")
  void function_startedByTheRuntimeClient_servesEventsAndTicks(@TempDir Path folder)
      throws Exception {
    try (LocalLab lab = new LocalLab(folder.resolve("store"));
        LambdaRuntime runtime = new LambdaRuntime()) {
      lab.start(
          AWSLambda.class,
          Map.of(
              "AWS_LAMBDA_RUNTIME_API", runtime.address(),
              "AWS_LAMBDA_FUNCTION_NAME", "router",
              "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
              "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/router",
              "AWS_LAMBDA_LOG_STREAM_NAME", "1",
              "AWS_REGION", "us-east-1"),
          RouterHandler.class.getName());
      String first = lab.upload("monday/a.txt", "one");
      assertThat(runtime.invoke(batch(first, lab.upload("monday/.complete", ""))))
          .isEqualTo(NOTHING_FAILED);
      await()
          .atMost(60, SECONDS)
          .untilAsserted(
              () -> {
                assertThat(runtime.invoke(Golden.text("scheduled-event")))
                    .isEqualTo(NOTHING_FAILED);
                assertThat(lab.results("a.txt")).containsExactly("one");
                assertThat(lab.anyOpenRun()).isFalse();
              });
      assertThat(runtime.invoke(batch(first))).isEqualTo(NOTHING_FAILED);
      assertThat(lab.results("a.txt")).hasSize(1);
      assertThat(runtime.invoke("{\"what\":1}")).contains("/error: ").contains("log says why");
      assertThat(runtime.invoke(batch(first))).isEqualTo(NOTHING_FAILED);
    }
  }
}
