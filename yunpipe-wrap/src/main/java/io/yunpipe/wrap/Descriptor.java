package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;

/** Says what a blob is and how to know it. */
record Descriptor(String mediaType, String digest, long size) {
  /** Reads one. */
  static Descriptor of(JsonNode json, String what) {
    String digest = json.path("digest").asText();
    long size = json.path("size").asLong(-1);
    if (!Digest.isOne(digest)) {
      throw new BackendException(
          "Could not read "
              + what
              + ": it names a blob by '"
              + Said.shortened(digest)
              + "', which is no sha256 digest",
          null);
    }
    if (size < 0) {
      throw new BackendException(
          "Could not read " + what + ": it gives no size for the blob " + digest, null);
    }
    return new Descriptor(json.path("mediaType").asText(), digest, size);
  }

  ObjectNode json() {
    return Documents.JSON
        .createObjectNode()
        .put("mediaType", mediaType)
        .put("digest", digest)
        .put("size", size);
  }
}
