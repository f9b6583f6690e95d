package io.yunpipe.wrap;

import java.nio.file.Path;

/** Where an image is read or written, as users write it. */
sealed interface Source {
  /** An image in a registry. */
  record Registry(ImageReference image) implements Source {
    @Override
    public String toString() {
      return image.toString();
    }
  }

  /** An OCI layout; an empty tag means its only image. */
  record Layout(Path folder, String tag) implements Source {
    @Override
    public String toString() {
      return "oci:" + folder + (tag.isEmpty() ? "" : ":" + tag);
    }
  }

  /** A file that engines load. */
  record Archive(Path file) implements Source {
    @Override
    public String toString() {
      return "tar:" + file;
    }
  }

  /** An image in the engine of this machine. */
  record Engine(String image) implements Source {
    @Override
    public String toString() {
      return "engine:" + image;
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Source of(String text) {
    if (text.startsWith("oci:")) {
      String rest = rest(text, "oci:");
      int colon = rest.lastIndexOf(':');
      boolean tagged = colon > 0 && rest.indexOf('/', colon) < 0;
      return tagged
          ? new Layout(Path.of(rest.substring(0, colon)), rest.substring(colon + 1))
          : new Layout(Path.of(rest), "");
    }
    if (text.startsWith("tar:")) {
      return new Archive(Path.of(rest(text, "tar:")));
    }
    if (text.startsWith("engine:")) {
      String name = rest(text, "engine:");
      ImageReference.parse(name);
      return new Engine(name);
    }
    return new Registry(ImageReference.parse(text));
  }

  private static String rest(String text, String prefix) {
    String rest = text.substring(prefix.length());
    if (rest.isBlank()) {
      throw new IllegalArgumentException(
          "image must be a reference, oci:FOLDER[:TAG], tar:FILE or engine:NAME[:TAG], but was \""
              + text
              + "\"");
    }
    return rest;
  }
}
