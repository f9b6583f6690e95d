package io.yunpipe.wrap;

import io.yunpipe.internal.Sha256;
import io.yunpipe.wrap.LibcLook.Libc;
import io.yunpipe.wrap.LibcLook.Seen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what was seen of the C library in layers of a registry, so that an image that was
 * looked at once is not read again. By registry: the first bytes of a layer are read without its
 * digest being checked, and what one registry says must not count for another.
 */
final class LibcMemory {
  private static final Logger logger = LoggerFactory.getLogger(LibcMemory.class);

  /** Of how it is looked; a new one forgets all. */
  private static final String FORMAT = "1";

  private static final Pattern LINE = Pattern.compile("([A-Z]+) (\\d{1,3})");

  private final Path folder;
  private final String registry;

  /**
   * Creates it.
   *
   * @param folder where it remembers; may not exist yet
   */
  LibcMemory(Path folder, String registry) {
    this.folder = folder;
    this.registry = registry;
  }

  /** Returns what is remembered, or looks. */
  Seen of(Manifest manifest, ImageSource source) {
    List<Descriptor> layers = manifest.layers();
    for (int i = 0; i <= layers.size(); i++) {
      Optional<Seen> known = read(file(layers, i), i);
      if (known.isPresent()) {
        return known.get();
      }
    }
    Seen seen = LibcLook.at(manifest, source);
    keep(file(layers, seen.layers()), seen);
    return seen;
  }

  private Path file(List<Descriptor> layers, int count) {
    StringBuilder text = new StringBuilder(FORMAT).append('|').append(registry);
    layers
        .subList(0, count == 0 ? layers.size() : count)
        .forEach(layer -> text.append('|').append(layer.digest()));
    text.append(count == 0 ? "|all" : "");
    return folder.resolve(Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static Optional<Seen> read(Path file, int layers) {
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      Matcher line = LINE.matcher(Files.readString(file, StandardCharsets.US_ASCII));
      return line.matches()
          ? Optional.of(
              new Seen(Libc.valueOf(line.group(1)), Integer.parseInt(line.group(2)), layers))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      logger.debug("Looked at again, for what was kept cannot be read: {}", file, e);
      return Optional.empty();
    }
  }

  /** To remember is worth no failure. */
  private void keep(Path file, Seen seen) {
    try {
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, ".draft-", "");
      try {
        Files.writeString(draft, seen.libc() + " " + seen.version(), StandardCharsets.US_ASCII);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      logger.debug("Could not keep what was seen in {}", folder, e);
    }
  }
}
