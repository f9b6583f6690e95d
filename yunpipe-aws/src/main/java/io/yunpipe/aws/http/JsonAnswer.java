package io.yunpipe.aws.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object as a service answered it. Read as a stream: data binding takes long to start. */
public final class JsonAnswer {
  /** Reads and writes; shared since it keeps names. */
  public static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Object> fields = new HashMap<>();

  /** Reads an object; an empty body is an empty object. */
  public static JsonAnswer read(InputStream in) throws IOException {
    try (JsonParser parser = JSON.createParser(in)) {
      return parser.nextToken() == null ? new JsonAnswer() : object(parser);
    }
  }

  private static JsonAnswer object(JsonParser parser) throws IOException {
    JsonAnswer object = new JsonAnswer();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      object.fields.put(name, value(parser));
    }
    return object;
  }

  private static Object value(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      return object(parser);
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<Object> values = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        values.add(value(parser));
      }
      return values;
    }
    return parser.currentToken() == JsonToken.VALUE_NULL ? "" : parser.getText();
  }

  /** Returns a text, a number or a truth value as text; empty if there is none. */
  public String text(String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  /** Returns a whole number; 0 if there is none. */
  public long whole(String name) {
    String text = text(name);
    return text.isEmpty() ? 0 : Double.valueOf(text).longValue();
  }

  /** Returns an object; empty if there is none. */
  public JsonAnswer object(String name) {
    return fields.get(name) instanceof JsonAnswer object ? object : new JsonAnswer();
  }

  /** Returns the objects of a list; none if there is no such list. */
  public List<JsonAnswer> objects(String name) {
    return only(name, JsonAnswer.class);
  }

  /** Returns the texts of a list; none if there is no such list. */
  public List<String> texts(String name) {
    return only(name, String.class);
  }

  private <T> List<T> only(String name, Class<T> type) {
    return fields.get(name) instanceof List<?> list
        ? list.stream().filter(type::isInstance).map(type::cast).toList()
        : List.of();
  }

  /** Returns all fields that are texts. */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    fields.keySet().stream()
        .filter(name -> fields.get(name) instanceof String)
        .sorted()
        .forEach(name -> texts.put(name, text(name)));
    return texts;
  }
}
