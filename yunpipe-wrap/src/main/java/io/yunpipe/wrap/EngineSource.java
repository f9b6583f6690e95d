package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import io.yunpipe.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An image of the engine of this machine, which hands it out as a whole. */
final class EngineSource implements ImageSource {
  private final String image;
  private final EngineProgram engine;
  private final Traffic traffic;
  private @Nullable Path file;
  private @Nullable ImageSource saved;

  EngineSource(String image, EngineProgram engine, Traffic traffic) {
    this.image = image;
    this.engine = engine;
    this.traffic = traffic;
  }

  @Override
  public String name() {
    return "engine:" + image;
  }

  /** Returns what the engine knows of it; empty if it has no such image. */
  Optional<JsonNode> inspect() {
    return engine.inspect(image);
  }

  @Override
  public Optional<Document> top() {
    return inspect().isEmpty() ? Optional.empty() : saved().top();
  }

  /** The engine's own name for it; what it hands out has a manifest made for the purpose. */
  @Override
  public String digest(Document top) {
    return inspect().map(EngineView::digest).orElseGet(top::digest);
  }

  private synchronized ImageSource saved() {
    if (saved == null) {
      try {
        file = Files.createTempFile("yunpipe-image", ".tar");
        engine.save(image, file);
        traffic.received(Files.size(file));
        saved = ArchiveSource.of(name(), TarFiles.open(file));
      } catch (IOException e) {
        close();
        throw new BackendException("Could not read " + name() + ": " + Said.of(e), e);
      }
    }
    return saved;
  }

  @Override
  public Document manifest(Descriptor manifest) {
    return saved().manifest(manifest);
  }

  @Override
  public InputStream blob(Descriptor blob) throws IOException {
    return saved().blob(blob);
  }

  @Override
  public synchronized void close() {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        file.toFile().deleteOnExit();
      }
      file = null;
      saved = null;
    }
  }
}
