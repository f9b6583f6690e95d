package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is known of a layer that was made.
 *
 * @param digest of its contents
 * @param diffId digest of the tar inside
 * @param size bytes of its contents
 * @param glibc the least version of glibc that it needs, as 34 for 2.34
 */
record LayerFacts(String digest, String diffId, long size, int glibc) {
  /** Reads them; empty if they are not there or damaged. */
  static Optional<LayerFacts> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file);
    ObjectNode json;
    try {
      json = Documents.object(bytes, file.toString());
    } catch (BackendException e) {
      return Optional.empty();
    }
    LayerFacts facts =
        new LayerFacts(
            json.path("digest").asText(),
            json.path("diffId").asText(),
            json.path("size").asLong(),
            json.path("glibc").asInt());
    return Arrays.equals(bytes, facts.bytes()) ? Optional.of(facts) : Optional.empty();
  }

  void write(Path file) throws IOException {
    Files.write(file, bytes());
  }

  private byte[] bytes() {
    ObjectNode json =
        Documents.JSON
            .createObjectNode()
            .put("digest", digest)
            .put("diffId", diffId)
            .put("size", size)
            .put("glibc", glibc);
    return Documents.bytes(json.put("check", Digest.of(Documents.bytes(json))));
  }
}
