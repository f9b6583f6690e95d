package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import io.yunpipe.internal.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Keeps layers that were made: each is the same for the same Java, processor and worker. Several
 * programs may use one folder at once.
 */
final class LayerCache {
  /** Of what a layer is made of; a new one makes all layers anew. */
  private static final String FORMAT = "2";

  private final Path folder;

  LayerCache(Path folder) {
    this.folder = folder;
  }

  /** Returns a layer, made if it must be. */
  Layer layer(JavaRuntime java, Runner runner, WrapListener listener) {
    try {
      String text = String.join("|", FORMAT, java.key(), runner.sha256());
      String key = Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
      Path file = folder.resolve(key + ".tar.gz");
      Path facts = folder.resolve(key + ".json");
      Optional<Layer> kept = kept(file, facts);
      if (kept.isPresent()) {
        return kept.get();
      }
      listener.step(
          "Making the layer for "
              + java.architecture()
              + ": Java "
              + Runtime.version()
              + " and the worker; once on this machine");
      return make(java, runner, file, facts);
    } catch (IOException e) {
      throw new BackendException(
          "Could not make the layer for "
              + java.architecture()
              + " in "
              + folder
              + ": "
              + Said.of(e)
              + ". Look for space and rights there",
          e);
    }
  }

  private static Optional<Layer> kept(Path file, Path facts) throws IOException {
    if (!Files.isRegularFile(facts) || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    ObjectNode json = Documents.object(Files.readAllBytes(facts), facts.toString());
    Layer layer =
        new Layer(
            file,
            json.path("digest").asText(),
            json.path("diffId").asText(),
            json.path("size").asLong(),
            json.path("glibc").asInt());
    boolean whole =
        Digest.isOne(layer.digest())
            && Digest.isOne(layer.diffId())
            && Files.size(file) == layer.size();
    return whole ? Optional.of(layer) : Optional.empty();
  }

  private Layer make(JavaRuntime java, Runner runner, Path file, Path facts) throws IOException {
    Files.createDirectories(folder);
    Path work = Files.createTempDirectory(folder, ".making-");
    try {
      Path jre = work.resolve("jre");
      java.make(jre);
      LayerWriter.Written written = LayerWriter.write(jre, runner, work.resolve("layer"));
      int glibc = NativeParts.glibc(jre);
      Path noted = work.resolve("facts");
      Files.write(
          noted,
          Documents.bytes(
              Documents.JSON
                  .createObjectNode()
                  .put("digest", written.digest())
                  .put("diffId", written.diffId())
                  .put("size", written.size())
                  .put("glibc", glibc)));
      Files.move(work.resolve("layer"), file, StandardCopyOption.ATOMIC_MOVE);
      Files.move(noted, facts, StandardCopyOption.ATOMIC_MOVE);
      return new Layer(file, written.digest(), written.diffId(), written.size(), glibc);
    } finally {
      delete(work);
    }
  }

  private static void delete(Path work) throws IOException {
    List<Path> all = new ArrayList<>(JavaRuntime.sorted(work));
    Collections.reverse(all);
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
    Files.deleteIfExists(work);
  }
}
