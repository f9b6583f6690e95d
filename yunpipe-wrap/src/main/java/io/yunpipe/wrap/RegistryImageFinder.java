package io.yunpipe.wrap;

import io.yunpipe.spi.ImageFinder;
import java.util.Optional;

/** Tells backends what images in registries are at this moment; found as a service. */
public final class RegistryImageFinder implements ImageFinder {
  /** For {@link java.util.ServiceLoader}. */
  public RegistryImageFinder() {}

  @Override
  public Optional<Found> find(String image) {
    // The whole reference cannot be mistaken for a layout or a file.
    return Images.find(ImageReference.parse(image).toString())
        .map(
            view ->
                new Found(
                    view.digest(),
                    view.platforms().stream().map(Platform::architecture).distinct().toList(),
                    view.config().labels()));
  }
}
