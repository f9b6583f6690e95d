package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.spi.RegistryAccess;
import java.util.Optional;

/** Pushes to a registry. */
final class RegistryTarget implements ImageTarget {
  private final ImageReference image;
  private final Repository repository;
  private final Optional<RegistryAccess> service;
  private final WrapListener listener;
  private Optional<String> before = Optional.empty();

  RegistryTarget(
      ImageReference image,
      Repository repository,
      Optional<RegistryAccess> service,
      WrapListener listener) {
    if (image.digest().isPresent()) {
      throw new IllegalArgumentException(
          "target must have a tag and no digest, which follows from the contents, but was \""
              + image
              + "\"");
    }
    this.image = image;
    this.repository = repository;
    this.service = service;
    this.listener = listener;
  }

  @Override
  public boolean takesIndex() {
    return true;
  }

  /** A registry gets what the base has: engines of old know Docker's types only. */
  static String type(String mediaType) {
    return mediaType;
  }

  @Override
  public String typed(String mediaType) {
    return type(mediaType);
  }

  @Override
  public boolean begin(Document top) {
    if (service.isPresent() && service.get().prepare(image.registry(), image.repository())) {
      listener.step("Made the repository " + repository);
    }
    before = repository.digest(image.wanted());
    seeThatTheTagIsFree(top);
    if (before.isPresent()) {
      listener.step("The very same image is there already: " + top.digest());
    }
    return before.isEmpty();
  }

  @Override
  public void layer(Descriptor blob, ImageSource base) {
    if (base instanceof RegistrySource source
        && source.repository().registry() == repository.registry()) {
      String from = source.repository().name();
      if (from.equals(repository.name()) || mounted(blob, from)) {
        return;
      }
    }
    blob(blob, base.body(blob));
  }

  /** A registry that cannot mount, or will not, gets the blob as any other. */
  private boolean mounted(Descriptor blob, String from) {
    try {
      return repository.mount(blob, from);
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public void blob(Descriptor blob, Body body) {
    if (repository.has(blob)) {
      return;
    }
    listener.step("Sending " + blob.digest() + ", " + blob.size() + " bytes");
    long[] done = {0};
    repository.write(
        blob,
        body,
        n -> {
          done[0] += n;
          // A second attempt begins anew.
          listener.sent(blob.digest(), Math.min(done[0], blob.size()), blob.size());
        });
  }

  @Override
  public void manifest(Document manifest) {
    repository.put(manifest.digest(), manifest);
  }

  @Override
  public void finish(Document top) {
    // Sending took a while.
    before = repository.digest(image.wanted());
    seeThatTheTagIsFree(top);
    repository.put(image.wanted(), top);
  }

  /** Who uses a tag must not find another image under it. */
  private void seeThatTheTagIsFree(Document top) {
    if (before.isPresent() && !before.get().equals(top.digest())) {
      throw new InvalidInputException(
          "Could not name the image "
              + image
              + ": this tag is another image there ("
              + before.get()
              + "), and pipelines may use it. Choose another tag or version");
    }
  }
}
