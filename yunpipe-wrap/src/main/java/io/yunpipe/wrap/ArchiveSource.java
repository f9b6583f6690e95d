package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * An image as {@code docker save} writes it: its layers are tars, mostly not compressed, and it has
 * no manifest with digests, so one is made.
 */
final class ArchiveSource implements ImageSource {
  private final String name;
  private final LayoutFiles files;
  private final Map<String, String> paths = new HashMap<>();

  ArchiveSource(String name, LayoutFiles files) {
    this.name = name;
    this.files = files;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Document> top() {
    try {
      Optional<Body> list = files.file("manifest.json");
      return list.isEmpty() ? Optional.empty() : Optional.of(document(list.get()));
    } catch (IOException e) {
      throw new BackendException("Could not read " + name + ": " + Said.of(e), e);
    }
  }

  private Document document(Body list) throws IOException {
    JsonNode images;
    try (InputStream in = list.open()) {
      images = Documents.JSON.readTree(Documents.read(in, name));
    }
    if (!images.isArray() || images.size() != 1) {
      throw new BackendException(
          "Could not read "
              + name
              + ": it holds "
              + (images.isArray() ? images.size() : "no list of")
              + " images, but must hold one",
          null);
    }
    JsonNode image = images.get(0);
    ObjectNode manifest =
        Documents.JSON
            .createObjectNode()
            .put("schemaVersion", 2)
            .put("mediaType", MediaTypes.OCI_MANIFEST);
    manifest.set("config", described(image.path("Config").asText(), MediaTypes.OCI_CONFIG).json());
    ArrayNode layers = manifest.putArray("layers");
    for (String layer : Documents.texts(image.path("Layers"))) {
      layers.add(described(layer, layerType(layer)).json());
    }
    return new Document(MediaTypes.OCI_MANIFEST, Documents.bytes(manifest));
  }

  private String layerType(String path) throws IOException {
    try (InputStream in = found(path).open()) {
      byte[] magic = in.readNBytes(2);
      boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
      return gzip ? MediaTypes.OCI_LAYER : MediaTypes.OCI_LAYER_PLAIN;
    }
  }

  private Descriptor described(String path, String mediaType) throws IOException {
    Body body = found(path);
    MessageDigest sha256 = BlobStream.sha256();
    try (InputStream in = new DigestInputStream(body.open(), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    String digest = Digest.PREFIX + HexFormat.of().formatHex(sha256.digest());
    paths.put(digest, path);
    return new Descriptor(mediaType, digest, body.size());
  }

  private Body found(String path) throws IOException {
    String name =
        LayerFiles.parts(path)
            .map(parts -> String.join("/", parts))
            .orElse("a name that leads out");
    return files
        .file(name)
        .orElseThrow(
            () -> new FileNotFoundException("it has no file '" + Said.shortened(path) + "'"));
  }

  @Override
  public Document manifest(Descriptor manifest) {
    throw new IllegalStateException("An archive has no index");
  }

  @Override
  public InputStream blob(Descriptor blob) throws IOException {
    String path = paths.get(blob.digest());
    if (path == null) {
      throw new FileNotFoundException("it has no blob " + blob.digest());
    }
    return new BlobStream(found(path).open(), blob, name, n -> {});
  }

  /** Returns the layout or the archive in a tar. */
  static ImageSource of(String name, LayoutFiles files) throws IOException {
    if (files.file("index.json").isPresent() && files.file("oci-layout").isPresent()) {
      return new LayoutSource(name, files, "");
    }
    return new ArchiveSource(name, files);
  }
}
