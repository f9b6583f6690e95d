package io.yunpipe.wrap;

import java.io.FilterOutputStream;
import java.io.IOException;

/** Loads an image into the engine of this machine. */
final class EngineTarget extends ArchiveTarget {
  private final String image;
  private final EngineProgram engine;
  private final Traffic traffic;

  EngineTarget(String image, EngineProgram engine, Traffic traffic) {
    super(tagged(image));
    this.image = image;
    this.engine = engine;
    this.traffic = traffic;
  }

  private static String tagged(String image) {
    ImageReference reference = ImageReference.parse(image);
    if (reference.digest().isPresent()) {
      throw new IllegalArgumentException(
          "target must have a tag and no digest, but was \"engine:" + image + "\"");
    }
    boolean latest = !image.endsWith(":" + reference.tag().orElseThrow());
    return latest ? image + ":latest" : image;
  }

  /** Podman's own name for what was made here, without which it would be one of Docker Hub. */
  @Override
  String wholeName() {
    String whole = super.wholeName();
    boolean unnamed = whole.startsWith("docker.io/") && !image.contains("docker.io/");
    return engine.isPodman() && unnamed ? "localhost/" + tagged(image) : whole;
  }

  @Override
  void deliver(EngineProgram.Writer archive) {
    engine.load(
        image,
        out ->
            archive.write(
                new FilterOutputStream(out) {
                  @Override
                  public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                    traffic.sent(length);
                  }

                  @Override
                  public void close() throws IOException {
                    flush();
                  }
                }));
  }
}
