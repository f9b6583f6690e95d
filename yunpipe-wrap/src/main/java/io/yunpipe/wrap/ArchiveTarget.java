package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes what engines load: an OCI layout in a tar, and the list that engines of before read. What
 * is taken is remembered, and written in one go at the end.
 */
abstract class ArchiveTarget implements ImageTarget {
  private static final String BLOBS = "blobs/sha256/";
  private static final String WHOLE_NAME = "io.containerd.image.name";

  private final String repoTag;
  private final Map<Descriptor, Body> taken = new LinkedHashMap<>();

  /**
   * Creates it.
   *
   * @param repoTag the name that engines give the image, with its tag
   */
  ArchiveTarget(String repoTag) {
    this.repoTag = repoTag;
  }

  /** Returns the whole name, for engines that read the layout; podman knows no other. */
  String wholeName() {
    return ImageReference.parse(repoTag).toString();
  }

  /** Writes the archive to where it belongs. */
  abstract void deliver(EngineProgram.Writer archive);

  @Override
  public final boolean takesIndex() {
    return false;
  }

  @Override
  public final boolean begin(Document top) {
    return true;
  }

  @Override
  public final void layer(Descriptor blob, ImageSource base) {
    taken.put(blob, base.body(blob));
  }

  @Override
  public final void blob(Descriptor blob, Body body) {
    taken.put(blob, body);
  }

  @Override
  public final void manifest(Document manifest) {
    throw new IllegalStateException("An archive holds one platform");
  }

  @Override
  public final void finish(Document top) {
    Manifest manifest = Manifest.of(top, "the wrapped image");
    taken.put(
        new Descriptor(top.mediaType(), top.digest(), top.bytes().length), Body.of(top.bytes()));
    deliver(out -> write(out, top, manifest));
  }

  private void write(OutputStream out, Document top, Manifest manifest) throws IOException {
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new BufferedOutputStream(out, 128 << 10), "UTF-8")) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (Map.Entry<Descriptor, Body> blob : taken.entrySet()) {
        add(tar, BLOBS + Digest.hex(blob.getKey().digest()), blob.getValue());
      }
      ObjectNode index = LayoutTarget.empty();
      String tag = ImageReference.parse(repoTag).tag().orElseThrow();
      ObjectNode entry = LayoutTarget.entry(top, tag);
      entry.withObject("/annotations").put(WHOLE_NAME, wholeName());
      index.putArray("manifests").add(entry);
      add(tar, "oci-layout", Body.of(LayoutTarget.VERSION));
      add(tar, "index.json", Body.of(Documents.bytes(index)));
      add(tar, "manifest.json", Body.of(Documents.bytes(list(manifest))));
      tar.finish();
    }
  }

  private ArrayNode list(Manifest manifest) {
    ArrayNode list = Documents.JSON.createArrayNode();
    ObjectNode image = list.addObject();
    image.put("Config", BLOBS + Digest.hex(manifest.config().digest()));
    image.putArray("RepoTags").add(repoTag);
    ArrayNode layers = image.putArray("Layers");
    manifest.layers().forEach(layer -> layers.add(BLOBS + Digest.hex(layer.digest())));
    return list;
  }

  private static void add(TarArchiveOutputStream tar, String name, Body body) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(body.size());
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
    try (InputStream in = body.open()) {
      in.transferTo(tar);
    }
    tar.closeArchiveEntry();
  }
}
