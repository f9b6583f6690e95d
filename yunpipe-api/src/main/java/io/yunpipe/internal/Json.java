package io.yunpipe.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.yunpipe.BackendException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** JSON of the run protocol. Readers ignore unknown fields, so that versions can live together. */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY))
          .addModule(durations())
          .build();

  private Json() {}

  /** Durations as ISO 8601, without the module for all of java.time. */
  private static SimpleModule durations() {
    return new SimpleModule()
        .addSerializer(Duration.class, new ToStringSerializer(Duration.class))
        .addDeserializer(
            Duration.class,
            new FromStringDeserializer<Duration>(Duration.class) {
              private static final long serialVersionUID = 1L;

              @Override
              protected Duration _deserialize(String text, DeserializationContext context) {
                return Duration.parse(text);
              }
            });
  }

  /** Returns the value as one line of UTF-8. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Could not write " + value.getClass().getName(), e);
    }
  }

  /** Returns the value as one line. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Could not write " + value.getClass().getName(), e);
    }
  }

  /**
   * Reads a value.
   *
   * @param what names the source in the error
   */
  public static <T> T read(byte[] json, Class<T> type, String what) {
    try {
      return MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new BackendException("Could not read " + what + " as JSON: " + e.getMessage(), e);
    }
  }

  /** Reads JSON of any shape. */
  static JsonNode tree(byte[] json) throws JsonProcessingException {
    return MAPPER.readTree(new String(json, StandardCharsets.UTF_8));
  }

  /** Reads a value from text. */
  public static <T> T read(String json, Class<T> type, String what) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new BackendException("Could not read " + what + " as JSON: " + e.getMessage(), e);
    }
  }
}
