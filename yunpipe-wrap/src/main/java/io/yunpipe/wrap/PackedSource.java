package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** An image whose plain layers, as engines hand them out, are packed before they are pushed. */
final class PackedSource implements ImageSource {
  private static final Map<String, String> PACKED =
      Map.of(
          MediaTypes.OCI_LAYER_PLAIN,
          MediaTypes.OCI_LAYER,
          MediaTypes.DOCKER_LAYER_PLAIN,
          MediaTypes.DOCKER_LAYER);

  private final ImageSource source;
  private final Map<String, Path> files = new HashMap<>();
  private final Map<String, Descriptor> made = new HashMap<>();
  private @Nullable Document original;

  PackedSource(ImageSource source) {
    this.source = source;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public Optional<Document> top() {
    Optional<Document> top = source.top();
    if (top.isEmpty() || Index.isOne(top.get(), name())) {
      return top;
    }
    original = top.get();
    Manifest manifest = Manifest.of(top.get(), name());
    ArrayNode layers = Documents.JSON.createArrayNode();
    for (Descriptor layer : manifest.layers()) {
      boolean plain = PACKED.containsKey(layer.mediaType());
      layers.add(
          (plain ? made.computeIfAbsent(layer.digest(), it -> packed(layer)) : layer).json());
    }
    if (files.isEmpty()) {
      return top;
    }
    ObjectNode json = manifest.json().deepCopy();
    json.set("layers", layers);
    return Optional.of(new Document(manifest.mediaType(), Documents.bytes(json)));
  }

  private Descriptor packed(Descriptor layer) {
    try {
      Path file = Files.createTempFile("yunpipe-layer", ".tar.gz");
      files.put(layer.digest(), file);
      MessageDigest sha256 = BlobStream.sha256();
      try (InputStream in = source.blob(layer);
          OutputStream out = new DigestOutputStream(Files.newOutputStream(file), sha256);
          OutputStream gzip = new GZIPOutputStream(out, 128 << 10)) {
        in.transferTo(gzip);
      }
      String digest = Digest.PREFIX + HexFormat.of().formatHex(sha256.digest());
      files.put(digest, file);
      return new Descriptor(
          PACKED.getOrDefault(layer.mediaType(), layer.mediaType()), digest, Files.size(file));
    } catch (IOException e) {
      throw new BackendException(
          "Could not pack layer "
              + layer.digest()
              + " of "
              + name()
              + ": "
              + Said.of(e)
              + ". Look for space in "
              + System.getProperty("java.io.tmpdir"),
          e);
    }
  }

  @Override
  public String digest(Document top) {
    return source.digest(original == null ? top : original);
  }

  @Override
  public Document manifest(Descriptor manifest) {
    return source.manifest(manifest);
  }

  @Override
  public InputStream blob(Descriptor blob) throws IOException {
    Path file = files.get(blob.digest());
    return file == null
        ? source.blob(blob)
        : new BlobStream(Files.newInputStream(file), blob, name(), n -> {});
  }

  @Override
  public void close() {
    for (Path file : files.values()) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        file.toFile().deleteOnExit();
      }
    }
    source.close();
  }
}
