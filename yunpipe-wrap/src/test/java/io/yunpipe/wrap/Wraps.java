package io.yunpipe.wrap;

import io.yunpipe.Algorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Wrappers for tests: they share the layer, which takes seconds to make. */
final class Wraps {
  private static final Path CACHE = Path.of("target", "test-cache").toAbsolutePath();

  private Wraps() {}

  /** Keeps what it hears. */
  static final class Notes implements WrapListener {
    final List<String> steps = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    @Override
    public void step(String what) {
      steps.add(what);
    }

    @Override
    public void note(String what) {
      notes.add(what);
    }
  }

  static Path runner() {
    try {
      Files.createDirectories(CACHE);
      // Classes that are tested at the same time share it.
      Path draft = Files.createTempFile(CACHE, ".runner-", "");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(draft))) {
        ZipEntry entry = new ZipEntry("stands/for/the/worker's/Program.class");
        entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
        zip.putNextEntry(entry);
      }
      return Files.move(draft, CACHE.resolve("runner.jar"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LayerCache layers() {
    return new LayerCache(CACHE);
  }

  /** Copies the layer that tests share, made if it must be. */
  static Path copyOfLayers(Path folder) throws IOException {
    JavaRuntime java = JavaRuntime.of(Index.architecture(), null).orElseThrow();
    Layer layer = layers().layer(java, Runner.of(runner()), WrapListener.none());
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(CACHE)) {
      for (Path facts : files.filter(file -> file.toString().endsWith(".json")).toList()) {
        if (LayerFacts.read(facts).filter(it -> it.digest().equals(layer.digest())).isPresent()) {
          String name = facts.getFileName().toString();
          Files.copy(facts, folder.resolve(name));
          String file = name.replace(".json", ".tar.gz");
          Files.copy(CACHE.resolve(file), folder.resolve(file));
        }
      }
    }
    return folder;
  }

  static Wrapper wrapper(String image) {
    return Wrapper.wrap(Algorithm.image("cells", image, "")).runner(runner()).cache(CACHE);
  }

  /** Returns where a test writes images of its own. */
  static ImageTarget target(String target) {
    return new Sources(new Logins(List.of(), List.of()))
        .target(Source.of(target), "test:1", WrapListener.none());
  }
}
