package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An image that was looked at by its manifest. */
final class DefaultImageView implements ImageView {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final String source;
  private final String digest;
  private final List<Platform> platforms;
  private final Manifest manifest;
  private final ImageConfig config;
  private final ImageFiles files;

  private DefaultImageView(
      String source,
      String digest,
      List<Platform> platforms,
      Manifest manifest,
      ImageConfig config,
      ImageFiles files) {
    this.source = source;
    this.digest = digest;
    this.platforms = platforms;
    this.manifest = manifest;
    this.config = config;
    this.files = files;
  }

  /**
   * Looks.
   *
   * @param from stays open, for {@link #has}
   */
  static Optional<DefaultImageView> of(ImageSource from) {
    Optional<Document> found = from.top();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Document top = found.get();
    Optional<Index> index =
        Index.isOne(top, from.name()) ? Optional.of(Index.of(top, from.name())) : Optional.empty();
    Document chosen =
        index.isEmpty()
            ? top
            : from.manifest(
                index
                    .get()
                    .here()
                    .orElseThrow(() -> new InvalidInputException(from.name() + " lists no image"))
                    .manifest());
    Manifest manifest = Manifest.of(chosen, from.name());
    ObjectNode config = config(from, manifest);
    List<Platform> platforms =
        index
            .map(it -> it.entries().stream().map(Index.Entry::platform).toList())
            .orElseGet(() -> List.of(Index.platform(config, from.name())));
    return Optional.of(
        new DefaultImageView(
            from.name(),
            top.digest(),
            platforms,
            manifest,
            WrappedConfig.read(config),
            new ImageFiles(from.name(), manifest.layers(), from::blob)));
  }

  private static ObjectNode config(ImageSource from, Manifest manifest) {
    try {
      return WrappedConfig.parse(from.config(manifest.config()), manifest, from.name());
    } catch (IOException e) {
      throw new BackendException(
          "Could not read the configuration of " + from.name() + ": " + Said.of(e), e);
    }
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public List<Platform> platforms() {
    return platforms;
  }

  @Override
  public ImageConfig config() {
    return config;
  }

  @Override
  public long bytes() {
    return manifest.layerBytes();
  }

  /** Reads what {@link #has} may need, so that the image need not stay open. */
  DefaultImageView read() {
    files.readAll();
    return this;
  }

  @Override
  public boolean has(String path) {
    if (path.contains("/")) {
      String folder = config.workingDirectory().isEmpty() ? "/" : config.workingDirectory();
      return files.hasFile(path.startsWith("/") ? path : folder + "/" + path);
    }
    return Arrays.stream(config.environment().getOrDefault("PATH", PATH).split(":", -1))
        .anyMatch(folder -> files.hasFile(folder + "/" + path));
  }
}
