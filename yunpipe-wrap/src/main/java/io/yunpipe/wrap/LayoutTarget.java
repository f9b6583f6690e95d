package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import io.yunpipe.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes an OCI layout, beside the images that are in it already. */
final class LayoutTarget implements ImageTarget {
  static final byte[] VERSION =
      "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8);

  private final Path folder;
  private final Path blobs;
  private final String tag;

  LayoutTarget(Path folder, String tag) {
    this.folder = folder;
    this.blobs = folder.resolve("blobs/sha256");
    this.tag = tag.isEmpty() ? "latest" : tag;
  }

  /** Does something with files. */
  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  private void doing(String what, Action action) {
    try {
      action.run();
    } catch (IOException e) {
      throw new BackendException(
          "Could not "
              + what
              + " in the layout "
              + folder
              + ": "
              + Said.of(e)
              + ". Look for space and rights there",
          e);
    }
  }

  @Override
  public boolean takesIndex() {
    return true;
  }

  @Override
  public boolean begin(Document top) {
    doing("begin", () -> Files.createDirectories(blobs));
    return true;
  }

  @Override
  public void layer(Descriptor blob, ImageSource base) {
    blob(blob, base.body(blob));
  }

  @Override
  public void blob(Descriptor blob, Body body) {
    Path file = blobs.resolve(Digest.hex(blob.digest()));
    doing(
        "write blob " + blob.digest(),
        () -> {
          if (!Files.isRegularFile(file)
              || Files.size(file) != blob.size()
              || !Sha256.of(file).equals(Digest.hex(blob.digest()))) {
            try (InputStream in = new BlobStream(body.open(), blob, "this program", n -> {})) {
              place(file, in);
            }
          }
        });
  }

  /** A reader sees a file whole or not at all. */
  private void place(Path file, InputStream in) throws IOException {
    Path part = Files.createTempFile(folder, ".part-", "");
    try {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      part.toFile().setReadable(true, false);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public void manifest(Document manifest) {
    blob(
        new Descriptor(manifest.mediaType(), manifest.digest(), manifest.bytes().length),
        Body.of(manifest.bytes()));
  }

  @Override
  public void finish(Document top) {
    manifest(top);
    doing(
        "write index.json",
        () -> {
          write("oci-layout", VERSION);
          write("index.json", Documents.bytes(index(top)));
        });
  }

  private void write(String name, byte[] bytes) throws IOException {
    try (InputStream in = Body.of(bytes).open()) {
      place(folder.resolve(name), in);
    }
  }

  private ObjectNode index(Document top) throws IOException {
    Path file = folder.resolve("index.json");
    ObjectNode index =
        Files.isRegularFile(file)
            ? Documents.object(Files.readAllBytes(file), file.toString())
            : empty();
    ArrayNode kept = Documents.JSON.createArrayNode();
    for (JsonNode one : index.path("manifests")) {
      if (!one.path("annotations").path(LayoutSource.REF_NAME).asText().equals(tag)) {
        kept.add(one);
      }
    }
    kept.add(entry(top, tag));
    index.set("manifests", kept);
    return index;
  }

  static ObjectNode empty() {
    return Documents.JSON
        .createObjectNode()
        .put("schemaVersion", 2)
        .put("mediaType", MediaTypes.OCI_INDEX);
  }

  static ObjectNode entry(Document top, String tag) {
    ObjectNode entry = new Descriptor(top.mediaType(), top.digest(), top.bytes().length).json();
    entry.putObject("annotations").put(LayoutSource.REF_NAME, tag);
    return entry;
  }
}
