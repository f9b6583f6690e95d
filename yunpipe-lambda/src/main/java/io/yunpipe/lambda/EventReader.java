package io.yunpipe.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events that reach a router: notifications of S3, by themselves or in messages of SQS
 * and SNS; those of EventBridge; ticks; dead letters of stages. Fields it does not know do not
 * disturb it.
 */
final class EventReader {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private EventReader() {}

  /** Reads what a function is invoked with. */
  static List<Request> invocation(InputStream event) throws IOException {
    JsonNode root = MAPPER.readTree(event);
    JsonNode records = root.path("Records");
    if (!fromQueue(records.path(0))) {
      return List.of(request(null, root, root.toString()));
    }
    List<Request> requests = new ArrayList<>();
    for (JsonNode record : records) {
      requests.add(message(text(record, "messageId"), text(record, "body")));
    }
    return requests;
  }

  private static boolean fromQueue(JsonNode record) {
    return text(record, "eventSource").equals("aws:sqs");
  }

  /** Reads a message of a queue. */
  static Request message(String id, String body) {
    try {
      return request(id, MAPPER.readTree(body), body);
    } catch (JsonProcessingException e) {
      return Request.problem(id, "it is not JSON: " + e.getOriginalMessage());
    }
  }

  private static Request request(@Nullable String id, JsonNode event, String text) {
    try {
      return understood(id, event, text);
    } catch (DateTimeException e) {
      return Request.problem(id, "its time cannot be read: " + e.getMessage());
    } catch (JsonProcessingException e) {
      return Request.problem(id, "the message in it is not JSON: " + e.getOriginalMessage());
    }
  }

  private static Request understood(@Nullable String id, JsonNode event, String text)
      throws JsonProcessingException {
    if (event.has("jobs") && event.has("run")) {
      return Request.deadLetter(id, text);
    }
    if (text(event, "Event").equals("s3:TestEvent")) {
      // S3 sends it once when notifications are switched on.
      return Request.objects(id, List.of());
    }
    if (text(event, "Type").equals("Notification")) {
      String inner = text(event, "Message");
      return request(id, MAPPER.readTree(inner), inner);
    }
    if (text(event, "yunpipe").equals("tick")
        || text(event, "detail-type").equals("Scheduled Event")) {
      return Request.tick(id);
    }
    if (text(event, "source").equals("aws.s3")) {
      return Request.objects(id, fromBus(event));
    }
    JsonNode records = event.path("Records");
    JsonNode first = records.path(0);
    if (text(first, "EventSource").equals("aws:sns")) {
      String inner = text(first.path("Sns"), "Message");
      return request(id, MAPPER.readTree(inner), inner);
    }
    return first.has("s3")
        ? Request.objects(id, notified(records))
        : Request.problem(id, "it is no event of a kind that is known: " + shown(text));
  }

  private static String shown(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  private static List<ObjectNotice> notified(JsonNode records) {
    List<ObjectNotice> notices = new ArrayList<>();
    for (JsonNode record : records) {
      String name = text(record, "eventName");
      JsonNode object = record.path("s3").path("object");
      // Some servers say s3:ObjectCreated:Put, S3 itself leaves the first part out.
      if (name.contains("ObjectCreated:") && object.hasNonNull("key")) {
        notices.add(
            notice(text(record.path("s3").path("bucket"), "name"), object, "eTag", true, record));
      }
    }
    return notices;
  }

  private static List<ObjectNotice> fromBus(JsonNode event) {
    JsonNode detail = event.path("detail");
    JsonNode object = detail.path("object");
    return text(event, "detail-type").equals("Object Created") && object.hasNonNull("key")
        ? List.of(notice(text(detail.path("bucket"), "name"), object, "etag", false, event))
        : List.of();
  }

  private static ObjectNotice notice(
      String bucket, JsonNode object, String etag, boolean encoded, JsonNode event) {
    String time = text(event, event.has("eventTime") ? "eventTime" : "time");
    // Without its size the object has to be looked at anyway, as for one without a tag.
    boolean whole = object.path("size").isIntegralNumber();
    return new ObjectNotice(
        bucket,
        text(object, "key"),
        encoded,
        object.path("size").asLong(0),
        whole ? text(object, etag) : "",
        object.hasNonNull("sequencer") ? text(object, "sequencer") : null,
        time.isEmpty() ? Instant.EPOCH : instant(time));
  }

  private static Instant instant(String text) {
    TemporalAccessor time =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
    // Some emulators leave the offset out.
    return time instanceof LocalDateTime local
        ? local.toInstant(ZoneOffset.UTC)
        : Instant.from(time);
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }
}
