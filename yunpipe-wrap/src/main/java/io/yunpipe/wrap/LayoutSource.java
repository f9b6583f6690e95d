package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import io.yunpipe.BackendException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An image in an OCI layout. */
final class LayoutSource implements ImageSource {
  static final String REF_NAME = "org.opencontainers.image.ref.name";

  private final String name;
  private final LayoutFiles files;
  private final String tag;

  /**
   * Creates it.
   *
   * @param tag which of its images; empty: the only one
   */
  LayoutSource(String name, LayoutFiles files, String tag) {
    this.name = name;
    this.files = files;
    this.tag = tag;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Document> top() {
    try {
      Optional<Body> index = files.file("index.json");
      if (index.isEmpty()) {
        return Optional.empty();
      }
      try (InputStream in = index.get().open()) {
        JsonNode json = Documents.object(Documents.read(in, name), name);
        Optional<JsonNode> chosen = chosen(json.path("manifests"));
        if (chosen.isEmpty()) {
          return Optional.empty();
        }
        Descriptor descriptor = Descriptor.of(chosen.get(), name);
        return Optional.of(manifest(descriptor));
      }
    } catch (IOException e) {
      throw new BackendException("Could not read " + name + ": " + Said.of(e), e);
    }
  }

  private Optional<JsonNode> chosen(JsonNode manifests) {
    List<JsonNode> fitting = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    for (JsonNode one : manifests) {
      String own = one.path("annotations").path(REF_NAME).asText();
      tags.add(own.isEmpty() ? "without a tag" : own);
      if (tag.isEmpty() || own.equals(tag)) {
        fitting.add(one);
      }
    }
    if (fitting.size() > 1) {
      throw new BackendException(
          "Could not read "
              + name
              + ": it holds several images ("
              + Said.shortened(String.join(", ", tags))
              + "). Say which: oci:FOLDER:TAG",
          null);
    }
    return fitting.stream().findFirst();
  }

  @Override
  public Document manifest(Descriptor manifest) {
    try (InputStream in = blob(manifest)) {
      return new Document(manifest.mediaType(), Documents.read(in, name));
    } catch (IOException e) {
      throw new BackendException("Could not read " + name + ": " + Said.of(e), e);
    }
  }

  @Override
  public InputStream blob(Descriptor blob) throws IOException {
    Body body =
        files
            .file("blobs/sha256/" + Digest.hex(blob.digest()))
            .orElseThrow(() -> new FileNotFoundException("it has no blob " + blob.digest()));
    return new BlobStream(body.open(), blob, name, n -> {});
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      throw new BackendException("Could not close " + name + ": " + Said.of(e), e);
    }
  }
}
