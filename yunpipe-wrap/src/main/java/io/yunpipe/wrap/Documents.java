package io.yunpipe.wrap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** JSON of images, as registries have it. All of it comes from strangers. */
final class Documents {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Most bytes of a manifest, an index or a configuration; registries allow as many. */
  static final int MAX_BYTES = 4 << 20;

  private Documents() {}

  /** Reads all, or refuses what is too long. */
  static byte[] read(InputStream in, String what) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new BackendException(
          "Could not read " + what + ": it has more than " + MAX_BYTES + " bytes", null);
    }
    return bytes;
  }

  /** Reads an object. */
  static ObjectNode object(byte[] bytes, String what) {
    try {
      if (JSON.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw new BackendException(
          "Could not read " + what + ": it is no JSON (" + Said.shortened(e.getMessage()) + ")", e);
    }
    throw new BackendException("Could not read " + what + ": it is no JSON object", null);
  }

  /** Returns one line of JSON, the same for the same value. */
  static byte[] bytes(JsonNode value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Could not write JSON to memory", e);
    }
  }

  /** Returns texts of an array; empty if there is none. */
  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(one -> texts.add(one.asText()));
    return texts;
  }
}
