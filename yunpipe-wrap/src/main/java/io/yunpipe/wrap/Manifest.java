package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import java.util.ArrayList;
import java.util.List;

/**
 * The manifest of an image for one platform.
 *
 * @param json all of it
 * @param layers from the lowest to the topmost
 */
record Manifest(
    String mediaType, String digest, ObjectNode json, Descriptor config, List<Descriptor> layers) {
  private static final int MAX_LAYERS = 1000;

  /** Reads one. */
  static Manifest of(Document document, String what) {
    ObjectNode json = Documents.object(document.bytes(), what);
    String mediaType = type(document, json);
    if (!MediaTypes.MANIFESTS.contains(mediaType)) {
      throw unknown(mediaType, json, what);
    }
    Descriptor config = Descriptor.of(json.path("config"), what);
    if (!MediaTypes.CONFIGS.contains(config.mediaType())) {
      throw new BackendException(
          "Could not use "
              + what
              + ": it is no image but an artifact of type '"
              + Said.shortened(config.mediaType())
              + "'. Name an image that a container engine runs",
          null);
    }
    List<Descriptor> layers = new ArrayList<>();
    for (JsonNode layer : json.path("layers")) {
      layers.add(Descriptor.of(layer, what));
    }
    if (layers.size() > MAX_LAYERS) {
      throw new BackendException(
          "Could not use " + what + ": it has more than " + MAX_LAYERS + " layers", null);
    }
    return new Manifest(mediaType, document.digest(), json, config, List.copyOf(layers));
  }

  /** Returns the type that the document itself states, or else the one it came with. */
  static String type(Document document, ObjectNode json) {
    String own = json.path("mediaType").asText();
    if (!own.isEmpty()) {
      return own;
    }
    String header = document.mediaType();
    if (MediaTypes.MANIFESTS.contains(header) || MediaTypes.INDEXES.contains(header)) {
      return header;
    }
    // The OCI allows to leave it out.
    if (json.path("schemaVersion").asInt() == 2) {
      return json.path("manifests").isArray()
          ? MediaTypes.OCI_INDEX
          : json.path("layers").isArray() ? MediaTypes.OCI_MANIFEST : header;
    }
    return header;
  }

  static BackendException unknown(String mediaType, ObjectNode json, String what) {
    boolean first = json.path("schemaVersion").asInt() == 1;
    return new BackendException(
        "Could not use "
            + what
            + ": its manifest is of type '"
            + Said.shortened(mediaType.isEmpty() ? "none" : mediaType)
            + "'"
            + (first
                ? ", the first version, which registries no longer take. Pull it and push it again"
                    + " with a container engine of today"
                : ", which is not known here. Known are manifests and indexes of the OCI and of"
                    + " Docker, version 2"),
        null);
  }

  long layerBytes() {
    return layers.stream().mapToLong(Descriptor::size).sum();
  }
}
