package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Opens images wherever they are. One is used for one task; connections are shared in it. */
final class Sources {
  private final Logins logins;
  private final Traffic traffic = new Traffic();
  private final Map<String, Registry> registries = new ConcurrentHashMap<>();

  Sources(Logins logins) {
    this.logins = logins;
  }

  static Sources ofUser() {
    return new Sources(
        Logins.ofUser(System.getenv(), Path.of(System.getProperty("user.home", ""))));
  }

  Traffic traffic() {
    return traffic;
  }

  Repository repository(ImageReference image) {
    Registry registry =
        registries.computeIfAbsent(image.registry(), name -> new Registry(name, logins, traffic));
    return new Repository(registry, image.repository());
  }

  ImageSource open(Source source) {
    if (source instanceof Source.Registry registry) {
      return new RegistrySource(registry.image(), repository(registry.image()));
    }
    if (source instanceof Source.Layout layout) {
      return new LayoutSource(source.toString(), LayoutFiles.of(layout.folder()), layout.tag());
    }
    if (source instanceof Source.Archive archive) {
      return archive(source.toString(), archive.file());
    }
    if (source instanceof Source.Engine engine) {
      return new EngineSource(engine.image(), EngineProgram.find(), traffic);
    }
    throw new IllegalStateException("No such source: " + source);
  }

  private static ImageSource archive(String name, Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new BackendException("Could not read " + name + ": there is no such file", null);
      }
      return ArchiveSource.of(name, TarFiles.open(file));
    } catch (IOException e) {
      throw new BackendException(
          "Could not read "
              + name
              + ": "
              + Said.of(e)
              + ". It must be what docker save writes, or an OCI layout in a tar, not compressed",
          e);
    }
  }

  /**
   * Opens a place to write to.
   *
   * @param name what an archive calls the image
   */
  ImageTarget target(Source target, String name, WrapListener listener) {
    if (target instanceof Source.Registry registry) {
      ImageReference image = registry.image();
      return new RegistryTarget(
          image, repository(image), logins.service(image.registry()), listener);
    }
    if (target instanceof Source.Layout layout) {
      return new LayoutTarget(layout.folder(), layout.tag());
    }
    if (target instanceof Source.Archive archive) {
      return new FileTarget(archive.file(), name);
    }
    if (target instanceof Source.Engine engine) {
      return new EngineTarget(engine.image(), EngineProgram.find(), traffic);
    }
    throw new IllegalStateException("No such target: " + target);
  }
}
