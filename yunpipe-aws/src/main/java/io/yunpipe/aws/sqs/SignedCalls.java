package io.yunpipe.aws.sqs;

import com.fasterxml.jackson.core.JsonGenerator;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.aws.http.JsonAnswer;
import io.yunpipe.aws.http.JsonService;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signed requests in SQS's JSON protocol, without the SDK's client. */
final class SignedCalls implements SqsCalls {
  private static final int MAX_LISTED = 1000;

  private final JsonService service;

  /** Writes the fields of a batch's entry. */
  @FunctionalInterface
  private interface Entry {
    void write(JsonGenerator json, int entry) throws IOException;
  }

  SignedCalls(AwsHttp http, URI endpoint) {
    this.service =
        JsonService.targeted(
            http,
            "sqs",
            endpoint,
            "AmazonSQS",
            "1.0",
            // Asks for the documented codes of errors, which are those of the older protocol.
            Map.of("x-amzn-query-mode", "true"));
  }

  @Override
  public List<Refused> send(String queue, List<Outgoing> messages, int delaySeconds) {
    return batch(
        "SendMessageBatch",
        queue,
        messages.size(),
        (json, entry) -> {
          Outgoing message = messages.get(entry);
          json.writeStringField("MessageBody", message.body());
          if (delaySeconds > 0) {
            json.writeNumberField("DelaySeconds", delaySeconds);
          }
          if (message.group() != null) {
            json.writeStringField("MessageGroupId", message.group());
          }
        });
  }

  @Override
  public List<Incoming> receive(String queue, int max, int waitSeconds, int leaseSeconds) {
    JsonAnswer answer =
        call(
            "ReceiveMessage",
            json -> {
              json.writeStringField("QueueUrl", queue);
              json.writeNumberField("MaxNumberOfMessages", max);
              json.writeNumberField("WaitTimeSeconds", waitSeconds);
              json.writeNumberField("VisibilityTimeout", leaseSeconds);
              texts(json, "MessageSystemAttributeNames", List.of("ApproximateReceiveCount"));
              // The name before November 2024, for other servers of the protocol.
              texts(json, "AttributeNames", List.of("ApproximateReceiveCount"));
            });
    return answer.objects("Messages").stream().map(SignedCalls::incoming).toList();
  }

  private static Incoming incoming(JsonAnswer message) {
    String receives = message.object("Attributes").text("ApproximateReceiveCount");
    return new Incoming(
        message.text("MessageId"),
        message.text("ReceiptHandle"),
        message.text("Body"),
        message.text("MD5OfBody"),
        receives.isEmpty() ? 1 : Integer.parseInt(receives));
  }

  @Override
  public List<Refused> changeVisibility(String queue, List<String> receipts, int seconds) {
    return batch(
        "ChangeMessageVisibilityBatch",
        queue,
        receipts.size(),
        (json, entry) -> {
          json.writeStringField("ReceiptHandle", receipts.get(entry));
          json.writeNumberField("VisibilityTimeout", seconds);
        });
  }

  @Override
  public List<Refused> delete(String queue, List<String> receipts) {
    return batch(
        "DeleteMessageBatch",
        queue,
        receipts.size(),
        (json, entry) -> json.writeStringField("ReceiptHandle", receipts.get(entry)));
  }

  private List<Refused> batch(String action, String queue, int size, Entry writer) {
    JsonAnswer answer =
        call(
            action,
            json -> {
              json.writeStringField("QueueUrl", queue);
              json.writeArrayFieldStart("Entries");
              for (int entry = 0; entry < size; entry++) {
                json.writeStartObject();
                json.writeStringField("Id", Integer.toString(entry));
                writer.write(json, entry);
                json.writeEndObject();
              }
              json.writeEndArray();
            });
    return answer.objects("Failed").stream()
        .map(
            failed ->
                new Refused(
                    Integer.parseInt(failed.text("Id")),
                    Boolean.parseBoolean(failed.text("SenderFault")),
                    failed.text("Code"),
                    failed.text("Message")))
        .toList();
  }

  @Override
  public Optional<String> url(String name, @Nullable String account) {
    try {
      JsonAnswer answer =
          call(
              "GetQueueUrl",
              json -> {
                json.writeStringField("QueueName", name);
                if (account != null) {
                  json.writeStringField("QueueOwnerAWSAccountId", account);
                }
              });
      return Optional.of(answer.text("QueueUrl"));
    } catch (SqsRefusal e) {
      if (e.missing()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public Map<String, String> attributes(String queue, List<String> names) {
    return call(
            "GetQueueAttributes",
            json -> {
              json.writeStringField("QueueUrl", queue);
              texts(json, "AttributeNames", names);
            })
        .object("Attributes")
        .texts();
  }

  @Override
  public void setAttributes(String queue, Map<String, String> attributes) {
    JsonAnswer unused =
        call(
            "SetQueueAttributes",
            json -> {
              json.writeStringField("QueueUrl", queue);
              texts(json, "Attributes", attributes);
            });
  }

  @Override
  public String create(String name, Map<String, String> attributes) {
    return call(
            "CreateQueue",
            json -> {
              json.writeStringField("QueueName", name);
              texts(json, "Attributes", attributes);
            })
        .text("QueueUrl");
  }

  @Override
  public void remove(String queue) {
    JsonAnswer unused = call("DeleteQueue", json -> json.writeStringField("QueueUrl", queue));
  }

  @Override
  public List<String> urls(String prefix) {
    List<String> urls = new ArrayList<>();
    String next = "";
    do {
      String page = next;
      JsonAnswer answer =
          call(
              "ListQueues",
              json -> {
                json.writeStringField("QueueNamePrefix", prefix);
                json.writeNumberField("MaxResults", MAX_LISTED);
                if (!page.isEmpty()) {
                  json.writeStringField("NextToken", page);
                }
              });
      urls.addAll(answer.texts("QueueUrls"));
      next = answer.text("NextToken");
    } while (!next.isEmpty());
    return urls;
  }

  private static void texts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void texts(JsonGenerator json, String name, Map<String, String> texts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }

  private JsonAnswer call(String action, JsonService.Fields fields) {
    try {
      return service.ask(action, fields);
    } catch (AwsRefusal e) {
      throw new SqsRefusal(action, e.error(), null);
    }
  }
}
