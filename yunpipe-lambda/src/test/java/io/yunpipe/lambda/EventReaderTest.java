package io.yunpipe.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private static List<Request> invocation(String name) throws IOException {
    return EventReader.invocation(Golden.open(name));
  }

  private static Request message(String name) throws IOException {
    return EventReader.message("m1", Golden.text(name));
  }

  @Test
  void invocation_byAQueueWithANotification_hasAllItsRecords() throws IOException {
    assertThat(invocation("sqs-two-objects"))
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.id()).isEqualTo("059f36b4-87a3-44ab-83d2-661975830a7d");
              assertThat(request.objects())
                  .containsExactly(
                      new ObjectNotice(
                          "amzn-s3-demo-bucket",
                          "inbox/cells/monday/HappyFace+one%2B.jpg",
                          true,
                          1024,
                          "d41d8cd98f00b204e9800998ecf8427e",
                          "0055AED6DCD90281E5",
                          Instant.EPOCH),
                      new ObjectNotice(
                          "amzn-s3-demo-bucket",
                          "inbox/cells/monday/%E7%BB%86%E8%83%9E.tif",
                          true,
                          6442450944L,
                          "bdc0e5f5b6d6a8d4a9e7c5f1a2b3c4d5-768",
                          "0055AED6DCD90281E6",
                          Instant.parse("2026-11-22T03:04:05.678Z")));
            });
  }

  @Test
  void testEvent_ofNewNotifications_asksForNothing() throws IOException {
    assertThat(message("test-event")).isEqualTo(Request.objects("m1", List.of()));
  }

  @Test
  void time_withoutAnOffset_asSomeEmulatorsWriteIt_isUtc() {
    Request request =
        EventReader.message(
            "m1",
            """
            {"Records":[{"eventName":"ObjectCreated:Put","eventTime":"2026-11-22T04:11:29.163939",
              "s3":{"bucket":{"name":"b"},"object":{"key":"inbox/p/a","size":1,"eTag":"t"}}}]}
            """);
    assertThat(request.objects())
        .singleElement()
        .satisfies(
            notice ->
                assertThat(notice.time()).isEqualTo(Instant.parse("2026-11-22T04:11:29.163939Z")));
  }

  @Test
  void notification_inAMessageOfSns_isUnwrapped() throws IOException {
    assertThat(message("sns-notification").objects())
        .singleElement()
        .satisfies(notice -> assertThat(notice.key()).isEqualTo("inbox/cells/a.png"));
    assertThat(invocation("sns-invocation").get(0).objects()).hasSize(1);
  }

  @Test
  void eventBridge_objectCreated_hasAKeyThatIsNotEncoded() throws IOException {
    assertThat(invocation("eventbridge-object-created").get(0).objects())
        .containsExactly(
            new ObjectNotice(
                "amzn-s3-demo-bucket1",
                "inbox/cells/monday/a+b %41.png",
                false,
                5,
                "b1946ac92492d2347c6235b4d2611184",
                "617f08299329d189",
                Instant.parse("2021-11-12T00:00:00Z")));
  }

  @Test
  void eventBridge_objectDeleted_asksForNothing() throws IOException {
    assertThat(message("eventbridge-object-deleted")).isEqualTo(Request.objects("m1", List.of()));
  }

  @Test
  void notification_ofAnotherServer_isRead() throws IOException {
    assertThat(message("other-server").objects())
        .singleElement()
        .satisfies(notice -> assertThat(notice.bucket()).isEqualTo("lab"));
  }

  @Test
  void schedule_asksForATick() throws IOException {
    assertThat(invocation("scheduled-event")).containsExactly(Request.tick(null));
    assertThat(EventReader.message("m1", "{\"yunpipe\":\"tick\"}")).isEqualTo(Request.tick("m1"));
  }

  @Test
  void messageOfAStage_isADeadLetter() {
    String body = "{\"v\":1,\"run\":\"r\",\"stage\":\"s\",\"shard\":\"0\",\"jobs\":[]}";
    assertThat(EventReader.message("m1", body)).isEqualTo(Request.deadLetter("m1", body));
  }

  @Test
  void notice_withoutSize_hasNoTagSoThatTheObjectIsLookedAt() {
    Request request =
        EventReader.message(
            "m1",
            "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"object\":{\"key\":\"k\",\"eTag\":\"e\"}}}]}");
    assertThat(request.objects().get(0).etag()).isEmpty();
    assertThat(request.objects().get(0).time()).isEqualTo(Instant.EPOCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "3",
        "\"text\"",
        "{}",
        "{\"Records\":{}}",
        "{\"Records\":[]}",
        "{\"Records\":[3]}",
        "{\"Records\":[{\"s3\":1,\"eventName\":[],\"eventTime\":{}}]}",
        "{\"Type\":\"Notification\"}",
        "{\"Type\":\"Notification\",\"Message\":\"{\"}",
        "{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"time\":\"noon\","
            + "\"detail\":{\"object\":{\"key\":\"k\"}}}"
      })
  void strangeMessage_hasAProblemOrNothingToDo(String body) {
    Request request = EventReader.message("m1", body);
    assertThat(request.objects()).isEmpty();
    assertThat(request.id()).isEqualTo("m1");
  }

  @Test
  void messageThatIsNoJson_saysSo() {
    assertThat(EventReader.message("m1", "hello").problem()).startsWith("it is not JSON");
    assertThat(EventReader.message("m1", "{}").problem())
        .isEqualTo("it is no event of a kind that is known: {}");
  }

  @Test
  void invocation_thatIsNoJson_fails() {
    assertThatThrownBy(
            () ->
                EventReader.invocation(
                    new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(IOException.class);
  }
}
