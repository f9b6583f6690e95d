package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import java.io.InputStream;
import java.util.Optional;

/** An image in a registry. */
record RegistrySource(ImageReference image, Repository repository) implements ImageSource {
  @Override
  public String name() {
    return image.toString();
  }

  @Override
  public Optional<Document> top() {
    return repository.manifest(image.wanted());
  }

  @Override
  public Document manifest(Descriptor manifest) {
    return repository
        .manifest(manifest.digest())
        .orElseThrow(
            () ->
                new BackendException(
                    "Could not read image "
                        + image
                        + ": its index names the manifest "
                        + manifest.digest()
                        + ", which is not in the registry. Push the image again",
                    null));
  }

  @Override
  public InputStream blob(Descriptor blob) {
    return repository.blob(blob);
  }
}
