package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An image of the engine, as the engine describes it; its files are fetched when asked for. */
final class EngineView implements ImageView {
  private final EngineSource from;
  private final JsonNode json;
  private final ImageConfig config;
  private @Nullable DefaultImageView files;

  private EngineView(EngineSource from, JsonNode json) {
    this.from = from;
    this.json = json;
    ObjectNode all = Documents.JSON.createObjectNode();
    all.set("config", json.path("Config"));
    this.config = WrappedConfig.read(all);
  }

  static Optional<EngineView> of(EngineSource from) {
    return from.inspect().map(json -> new EngineView(from, json));
  }

  @Override
  public String source() {
    return from.name();
  }

  @Override
  public String digest() {
    return digest(json);
  }

  /** Returns what the engine knows an image by. */
  static String digest(JsonNode json) {
    String id = json.path("Id").asText();
    String digest = id.startsWith(Digest.PREFIX) ? id : Digest.PREFIX + id;
    if (!Digest.isOne(digest)) {
      throw new BackendException(
          "Could not look at an image: the engine knows it by '"
              + Said.shortened(id)
              + "', which is no digest",
          null);
    }
    return digest;
  }

  @Override
  public List<Platform> platforms() {
    ObjectNode lower = Documents.JSON.createObjectNode();
    lower.put("os", json.path("Os").asText("linux").toLowerCase(Locale.ROOT));
    lower.put("architecture", json.path("Architecture").asText());
    lower.put("variant", json.path("Variant").asText());
    return List.of(Index.platform(lower, source()));
  }

  @Override
  public ImageConfig config() {
    return config;
  }

  @Override
  public long bytes() {
    return json.path("Size").asLong();
  }

  /** Returns names of the registry's manifests that the engine believes this image to be. */
  List<String> repoDigests() {
    return Documents.texts(json.path("RepoDigests"));
  }

  @Override
  public synchronized boolean has(String path) {
    if (files == null) {
      // The engine hands out an image only as a whole, into a file that goes at once.
      try (from) {
        files = DefaultImageView.of(from).map(DefaultImageView::read).orElse(null);
      }
    }
    return files != null && files.has(path);
  }
}
