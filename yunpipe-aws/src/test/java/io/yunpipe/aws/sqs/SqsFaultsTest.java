package io.yunpipe.aws.sqs;

import static io.yunpipe.aws.sqs.FaultyProxy.answer;
import static io.yunpipe.aws.sqs.FaultyProxy.drop;
import static io.yunpipe.aws.sqs.FaultyProxy.lose;
import static io.yunpipe.aws.sqs.FaultyProxy.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.Identity;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** What goes wrong between a queue and its service, through a proxy that makes it so. */
class SqsFaultsTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final AtomicInteger logins = new AtomicInteger();
  private FaultyProxy proxy;
  private JobQueue queue;
  private String name;

  @BeforeEach
  void open() throws IOException {
    proxy = new FaultyProxy(SqsServer.endpoint());
    SqsQueues queues = SqsQueues.over(http(), proxy.endpoint(), new SqsOptions(false, 4));
    name = SqsServer.newName();
    queues.create(name, 3, LEASE);
    queue = queues.open(name);
    queue.depth(); // finds the queue
    proxy.seen().clear();
  }

  @AfterEach
  void close() {
    queue.close();
    proxy.close();
  }

  /** Signs with another key after each look for credentials. */
  private AwsHttp http() {
    return new AwsHttp(
        UrlConnectionHttpClient.create(),
        new Identity(
            () ->
                StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(
                        "KEY" + logins.incrementAndGet(), "secret", "token"))),
        SqsServer.REGION,
        Clock.systemUTC());
  }

  private List<String> actions() {
    return proxy.seen().stream().map(FaultyProxy.Seen::action).toList();
  }

  private List<String> bodies() {
    return queue.receive(100, WAIT, LEASE).stream().map(Message::body).toList();
  }

  @Test
  void send_throttled_isTriedAgain() {
    proxy.next(
        refuse(400, "RequestThrottled", "Request is throttled."),
        refuse(503, "ServiceUnavailable", "Later."));
    queue.send(List.of("a"), Duration.ZERO);
    assertThat(actions()).containsOnly("SendMessageBatch").hasSize(3);
    assertThat(bodies()).containsExactly("a");
  }

  @Test
  void send_whoseConnectionBreaks_isTriedAgain() {
    proxy.next(drop(), drop());
    queue.send(List.of("a"), Duration.ZERO);
    assertThat(bodies()).containsExactly("a");
  }

  @Test
  void send_whoseAnswerIsLost_losesNothingAndMayDouble() {
    proxy.next(lose());
    queue.send(List.of("a", "b"), Duration.ZERO);
    assertThat(bodies()).containsOnly("a", "b").contains("a", "b");
  }

  @Test
  void send_ofABatchThatFailsInPart_sendsTheRestAgain() {
    proxy.next(
        answer(
            """
            {"Successful":[{"Id":"0"},{"Id":"2"}],
             "Failed":[{"Id":"1","SenderFault":false,"Code":"InternalError","Message":"again"}]}"""));
    queue.send(List.of("a", "b", "c"), Duration.ZERO);
    assertThat(actions()).containsExactly("SendMessageBatch", "SendMessageBatch");
    assertThat(bodies()).as("only the failed one was sent again").containsExactly("b");
  }

  @Test
  void send_ofABatchThatIsRefusedInPart_tellsHowMuchWasSent() {
    proxy.next(
        answer(
            """
            {"Successful":[{"Id":"0"}],
             "Failed":[{"Id":"1","SenderFault":true,"Code":"KmsDisabled","Message":"The key is off"}]}"""));
    assertThatThrownBy(() -> queue.send(List.of("a", "b"), Duration.ZERO))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "Could not send to SQS queue %s: 1 of 2 entries are done, then it said: KmsDisabled: The key is off. Check the queue's settings."
                .formatted(name))
        .matches(e -> !((BackendException) e).retryable());
  }

  @Test
  void send_ofManyBatchesOfWhichOneIsRefused_stopsAndTells() {
    proxy.next(refuse(403, "AccessDenied", "Not you"));
    List<String> many = IntStream.range(0, 1000).mapToObj(i -> "m" + i).toList();
    assertThatThrownBy(() -> queue.send(many, Duration.ZERO))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("Could not send to SQS queue " + name)
        .hasMessageContaining("AccessDenied");
    assertThat(proxy.seen()).as("no more were begun").hasSizeLessThan(50);
  }

  @Test
  void credentials_thatHaveEnded_areLookedForAnew() {
    proxy.next(refuse(403, "ExpiredToken", "The security token included is expired"));
    queue.send(List.of("a"), Duration.ZERO);
    assertThat(bodies()).containsExactly("a");
    assertThat(proxy.seen().get(0).authorization()).contains("Credential=KEY1/");
    assertThat(proxy.seen().get(1).authorization()).contains("Credential=KEY2/");
    assertThat(logins).hasValue(2);
  }

  @Test
  void credentials_thatStayEnded_areTold() {
    proxy.next(
        refuse(403, "ExpiredToken", "The security token included is expired"),
        refuse(403, "ExpiredToken", "The security token included is expired"));
    assertThatThrownBy(queue::depth)
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "Could not read the depth of SQS queue %s: 403 ExpiredToken: The security token included is expired (request request-1). The credentials have ended and looking for new ones did not help; sign in again."
                .formatted(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"InvalidClientTokenId", "MissingAuthenticationTokenException"})
  void credentials_thatAreNotAccepted_areToldAsSuch(String code) {
    proxy.next(refuse(403, code, "Who are you?"));
    assertThatThrownBy(queue::depth)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("The service does not accept the credentials in use; sign in with")
        .hasMessageNotContaining("Grant");
  }

  @Test
  void access_denied_namesTheRight() {
    proxy.next(refuse(403, "AccessDenied", "Not you"));
    assertThatThrownBy(() -> queue.receive(1, Duration.ZERO, LEASE))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "Could not receive from SQS queue %s: 403 AccessDenied: Not you (request request-1). Grant sqs:ReceiveMessage on this queue to the identity in use."
                .formatted(name));
  }

  @Test
  void access_deniedBeforeTheCallItself_namesTheRightForThat() {
    JobQueue fresh = SqsQueues.over(http(), proxy.endpoint(), SqsOptions.DEFAULT).open(name);
    proxy.next(refuse(403, "AccessDenied", "Not you"));
    assertThatThrownBy(() -> fresh.send(List.of("a"), Duration.ZERO))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "Could not find SQS queue %s: 403 AccessDenied: Not you (request request-1). Grant sqs:GetQueueUrl on this queue to the identity in use."
                .formatted(name));
  }

  @Test
  void message_thatArrivesDamaged_isNotDelivered() {
    proxy.next(
        answer(
            """
            {"Messages":[{"MessageId":"1","ReceiptHandle":"r","Body":"b?d","MD5OfBody":"92eb5ffee6ae2fec3ad71c777531578f"}]}"""));
    assertThat(queue.receive(1, Duration.ZERO, LEASE)).isEmpty();
  }

  @Test
  void leases_ofWhichSomeAreGone_areSkippedAndOthersTriedAgain() {
    queue.send(List.of("a", "b", "c"), Duration.ZERO);
    List<Message> held = queue.receive(3, WAIT, LEASE);
    proxy.seen().clear();
    proxy.next(
        answer(
            """
            {"Failed":[
              {"Id":"0","SenderFault":true,"Code":"ReceiptHandleIsInvalid","Message":"gone"},
              {"Id":"1","SenderFault":true,"Code":"InvalidParameterValue","Message":"Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"},
              {"Id":"2","SenderFault":false,"Code":"InternalError","Message":"again"}]}"""));
    queue.extend(held, LEASE);
    assertThat(actions())
        .containsExactly("ChangeMessageVisibilityBatch", "ChangeMessageVisibilityBatch");
    assertThat(proxy.seen().get(1).body())
        .contains(json(held.get(2).receipt()))
        .doesNotContain(json(held.get(0).receipt()), json(held.get(1).receipt()));
  }

  private static String json(String receipt) {
    return "\"" + receipt + "\"";
  }

  @Test
  void messages_sentThroughManyFaults_areAllThere() {
    List<String> many = IntStream.range(0, 300).mapToObj(i -> "m" + i).toList();
    proxy.next(drop(), lose(), refuse(500, "InternalError", ""), lose(), drop(), lose());
    queue.send(many, Duration.ZERO);
    HashSet<String> received = new HashSet<>();
    for (List<String> some = bodies(); !some.isEmpty(); some = bodiesAtOnce()) {
      received.addAll(some);
    }
    assertThat(received).containsExactlyInAnyOrderElementsOf(many);
  }

  private List<String> bodiesAtOnce() {
    return queue.receive(100, Duration.ZERO, LEASE).stream().map(Message::body).toList();
  }

  @Test
  void service_thatDoesNotAnswer_isTold() throws IOException {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    JobQueue lost = SqsQueues.over(http(), nobody, SqsOptions.DEFAULT).open("any");
    assertThatThrownBy(lost::depth)
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("Could not POST " + nobody + "/: nothing answers there")
        .matches(e -> ((BackendException) e).retryable());
  }
}
