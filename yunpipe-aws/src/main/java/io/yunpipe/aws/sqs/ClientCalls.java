package io.yunpipe.aws.sqs;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** The SDK's client, as a program hands it over; its settings for retries and time limits count. */
final class ClientCalls implements SqsCalls {
  private final SqsClient client;

  ClientCalls(SqsClient client) {
    this.client = client;
  }

  @Override
  public List<Refused> send(String queue, List<Outgoing> messages, int delaySeconds) {
    List<SendMessageBatchRequestEntry> entries =
        IntStream.range(0, messages.size())
            .mapToObj(
                entry ->
                    SendMessageBatchRequestEntry.builder()
                        .id(Integer.toString(entry))
                        .messageBody(messages.get(entry).body())
                        .messageGroupId(messages.get(entry).group())
                        .delaySeconds(delaySeconds > 0 ? delaySeconds : null)
                        .build())
            .toList();
    return refused(
        call(
                "SendMessageBatch",
                () -> client.sendMessageBatch(batch -> batch.queueUrl(queue).entries(entries)))
            .failed());
  }

  @Override
  public List<Incoming> receive(String queue, int max, int waitSeconds, int leaseSeconds) {
    return call(
            "ReceiveMessage",
            () ->
                client.receiveMessage(
                    receive ->
                        receive
                            .queueUrl(queue)
                            .maxNumberOfMessages(max)
                            .waitTimeSeconds(waitSeconds)
                            .visibilityTimeout(leaseSeconds)
                            .messageSystemAttributeNames(
                                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)))
        .messages()
        .stream()
        .map(ClientCalls::incoming)
        .toList();
  }

  private static Incoming incoming(Message message) {
    return new Incoming(
        message.messageId(),
        message.receiptHandle(),
        message.body(),
        message.md5OfBody(),
        Integer.parseInt(
            message
                .attributes()
                .getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1")));
  }

  @Override
  public List<Refused> changeVisibility(String queue, List<String> receipts, int seconds) {
    List<ChangeMessageVisibilityBatchRequestEntry> entries =
        IntStream.range(0, receipts.size())
            .mapToObj(
                entry ->
                    ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(Integer.toString(entry))
                        .receiptHandle(receipts.get(entry))
                        .visibilityTimeout(seconds)
                        .build())
            .toList();
    return refused(
        call(
                "ChangeMessageVisibilityBatch",
                () ->
                    client.changeMessageVisibilityBatch(
                        batch -> batch.queueUrl(queue).entries(entries)))
            .failed());
  }

  @Override
  public List<Refused> delete(String queue, List<String> receipts) {
    List<DeleteMessageBatchRequestEntry> entries =
        IntStream.range(0, receipts.size())
            .mapToObj(
                entry ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(entry))
                        .receiptHandle(receipts.get(entry))
                        .build())
            .toList();
    return refused(
        call(
                "DeleteMessageBatch",
                () -> client.deleteMessageBatch(batch -> batch.queueUrl(queue).entries(entries)))
            .failed());
  }

  private static List<Refused> refused(List<BatchResultErrorEntry> failed) {
    return failed.stream()
        .map(
            entry ->
                new Refused(
                    Integer.parseInt(entry.id()),
                    Boolean.TRUE.equals(entry.senderFault()),
                    text(entry.code()),
                    text(entry.message())))
        .toList();
  }

  @Override
  public Optional<String> url(String name, @Nullable String account) {
    try {
      return Optional.of(
          call(
                  "GetQueueUrl",
                  () ->
                      client.getQueueUrl(
                          queue -> queue.queueName(name).queueOwnerAWSAccountId(account)))
              .queueUrl());
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
            () ->
                client.getQueueAttributes(
                    attributes -> attributes.queueUrl(queue).attributeNamesWithStrings(names)))
        .attributesAsStrings();
  }

  @Override
  public void setAttributes(String queue, Map<String, String> attributes) {
    var unused =
        call(
            "SetQueueAttributes",
            () ->
                client.setQueueAttributes(
                    set -> set.queueUrl(queue).attributes(byName(attributes))));
  }

  @Override
  public String create(String name, Map<String, String> attributes) {
    return call(
            "CreateQueue",
            () ->
                client.createQueue(create -> create.queueName(name).attributes(byName(attributes))))
        .queueUrl();
  }

  private static Map<QueueAttributeName, String> byName(Map<String, String> attributes) {
    Map<QueueAttributeName, String> byName = new LinkedHashMap<>();
    attributes.forEach((name, value) -> byName.put(QueueAttributeName.fromValue(name), value));
    return byName;
  }

  @Override
  public void remove(String queue) {
    var unused = call("DeleteQueue", () -> client.deleteQueue(delete -> delete.queueUrl(queue)));
  }

  @Override
  public List<String> urls(String prefix) {
    List<String> urls = new ArrayList<>();
    call(
        "ListQueues",
        () -> {
          client
              .listQueuesPaginator(list -> list.queueNamePrefix(prefix).maxResults(1000))
              .queueUrls()
              .forEach(urls::add);
          return urls;
        });
    return urls;
  }

  private static <T> T call(String action, Supplier<T> call) {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      AwsErrorDetails details = e.awsErrorDetails();
      throw new SqsRefusal(
          action,
          new AwsError(
              e.statusCode(),
              details == null ? Integer.toString(e.statusCode()) : text(details.errorCode()),
              details == null ? "" : text(details.errorMessage()),
              text(e.requestId())),
          e);
    } catch (SdkException e) {
      throw new BackendException(
          "Could not call SQS with the client that this program gave: "
              + e.getMessage()
              + ". Check its region, credentials, endpoint and time limits.",
          e.retryable(),
          e);
    }
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
