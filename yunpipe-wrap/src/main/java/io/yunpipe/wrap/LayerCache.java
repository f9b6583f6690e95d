package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import io.yunpipe.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
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
  private static final String FORMAT = "4";

  private final Path folder;

  LayerCache(Path folder) {
    this.folder = folder;
  }

  /** Returns where what else is kept belongs. */
  Path folder() {
    return folder;
  }

  /** Returns a layer, made if it must be. */
  Layer layer(JavaRuntime java, Runner runner, WrapListener listener) {
    return new Making(java, runner, listener).layer();
  }

  /** One layer: where it is kept, and how it is made. */
  private final class Making {
    private final JavaRuntime java;
    private final Runner runner;
    private final WrapListener listener;
    private final Path file;
    private final Path known;
    private boolean sound;

    Making(JavaRuntime java, Runner runner, WrapListener listener) {
      this.java = java;
      this.runner = runner;
      this.listener = listener;
      String text;
      try {
        text = String.join("|", FORMAT, java.key(), runner.sha256());
      } catch (IOException e) {
        throw failed(e);
      }
      String key = Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
      this.file = folder.resolve(key + ".tar.gz");
      this.known = folder.resolve(key + ".json");
    }

    Layer layer() {
      try {
        Optional<LayerFacts> kept = LayerFacts.read(known);
        boolean there =
            kept.isPresent() && Files.isRegularFile(file) && Files.size(file) == kept.get().size();
        if (!there) {
          listener.step(
              "Making the layer for "
                  + java.architecture()
                  + ": Java "
                  + Runtime.version()
                  + " and the worker; once on this machine");
        }
        LayerFacts facts = there ? kept.get() : make();
        Body body = new Body(facts.size(), () -> open(facts));
        return new Layer(body, facts.digest(), facts.diffId(), facts.glibc());
      } catch (IOException e) {
        throw failed(e);
      }
    }

    /** Checked once it is wanted: mostly it is where it would be sent to. */
    private synchronized InputStream open(LayerFacts facts) {
      try {
        if (!sound && !facts.digest().equals(Digest.PREFIX + Sha256.of(file))) {
          listener.note("The layer kept in " + file + " is damaged; it is made anew");
          LayerFacts anew = make();
          if (!anew.equals(facts)) {
            throw new IOException("it came out otherwise than before; wrap once more");
          }
        }
        sound = true;
        return Files.newInputStream(file);
      } catch (IOException e) {
        throw failed(e);
      }
    }

    private LayerFacts make() throws IOException {
      Files.createDirectories(folder);
      Path work = Files.createTempDirectory(folder, ".making-");
      try {
        Path jre = work.resolve("jre");
        java.make(jre);
        LayerWriter.Written written = LayerWriter.write(jre, runner, work.resolve("layer"));
        LayerFacts facts =
            new LayerFacts(
                written.digest(), written.diffId(), written.size(), NativeParts.glibc(jre));
        facts.write(work.resolve("facts"));
        Files.move(work.resolve("layer"), file, StandardCopyOption.ATOMIC_MOVE);
        Files.move(work.resolve("facts"), known, StandardCopyOption.ATOMIC_MOVE);
        sound = true;
        return facts;
      } finally {
        delete(work);
      }
    }

    private BackendException failed(IOException failure) {
      return new BackendException(
          "Could not make the layer for "
              + java.architecture()
              + " in "
              + folder
              + ": "
              + Said.of(failure)
              + ". Look for space and rights there",
          failure);
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
