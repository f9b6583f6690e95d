package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The manifests of an image for several platforms. */
record Index(String mediaType, String digest, List<Entry> entries) {
  private static final int MAX_ENTRIES = 200;

  /**
   * One of them.
   *
   * @param json its platform, as it is written
   */
  record Entry(Descriptor manifest, Platform platform, JsonNode json) {}

  /** Returns whether a document is one. */
  static boolean isOne(Document document, String what) {
    ObjectNode json = Documents.object(document.bytes(), what);
    return MediaTypes.INDEXES.contains(Manifest.type(document, json));
  }

  /** Reads one; entries that are no images, such as attestations, are left out. */
  static Index of(Document document, String what) {
    ObjectNode json = Documents.object(document.bytes(), what);
    List<Entry> entries = new ArrayList<>();
    if (json.path("manifests").size() > MAX_ENTRIES) {
      throw new BackendException(
          "Could not use " + what + ": it lists more than " + MAX_ENTRIES + " manifests", null);
    }
    for (JsonNode one : json.path("manifests")) {
      JsonNode platform = one.path("platform");
      String os = platform.path("os").asText();
      if (!os.isEmpty() && !os.equals("unknown")) {
        entries.add(new Entry(Descriptor.of(one, what), platform(platform, what), platform));
      }
    }
    return new Index(Manifest.type(document, json), document.digest(), List.copyOf(entries));
  }

  /** Reads a platform, as indexes and configurations have it. */
  static Platform platform(JsonNode json, String what) {
    try {
      return new Platform(
          json.path("os").asText("linux"),
          json.path("architecture").asText(),
          json.path("variant").asText());
    } catch (IllegalArgumentException e) {
      throw new BackendException("Could not read " + what + ": " + e.getMessage(), e);
    }
  }

  /** Returns the one for this machine, or the first. */
  Optional<Entry> here() {
    String mine = architecture();
    return entries.stream()
        .filter(entry -> entry.platform().os().equals("linux"))
        .filter(entry -> entry.platform().architecture().equals(mine))
        .findFirst()
        .or(() -> entries.stream().findFirst());
  }

  /** Returns this machine's processor in the words of images. */
  static String architecture() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      default -> name;
    };
  }
}
