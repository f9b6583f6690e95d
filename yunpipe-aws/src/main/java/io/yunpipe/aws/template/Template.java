package io.yunpipe.aws.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.internal.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A template of CloudFormation, as data. The same specification makes the same text. */
public final class Template {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private final String json;

  private Template(String json) {
    this.json = json;
  }

  static Template of(Map<String, Object> values) {
    return new Template(text(values));
  }

  /** Returns a tree of maps as minified JSON with sorted keys. */
  static String text(Map<String, Object> values) {
    try {
      return MAPPER.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Could not write JSON", e);
    }
  }

  /** Returns JSON indented for a person. */
  static String indented(String json) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try {
      return MAPPER.writer(printer).writeValueAsString(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Could not write JSON", e);
    }
  }

  /** Returns the text to send: sorted keys, no blanks. */
  public String json() {
    return json;
  }

  /** Returns the text to read. */
  public String pretty() {
    return indented(json);
  }

  /** Returns a copy of the data. */
  public ObjectNode tree() {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Could not read the template", e);
    }
  }

  /** Returns how many resources there are. */
  public int resources() {
    return tree().path("Resources").size();
  }

  /** Returns the size in bytes. */
  public int bytes() {
    return json.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Returns whether it is too large to be sent in a call, and must be put into a bucket. */
  public boolean needsBucket() {
    return bytes() > TemplateLimits.INLINE_BYTES;
  }

  /** Returns the checksum of {@link #json}, hexadecimal. */
  public String sha256() {
    return Sha256.of(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Checks the limits of CloudFormation and IAM.
   *
   * @return this
   * @throws io.yunpipe.ConfigurationException with all that is too large
   */
  public Template check() {
    TemplateLimits.check(this);
    return this;
  }
}
