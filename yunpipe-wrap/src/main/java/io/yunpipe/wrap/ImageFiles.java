package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import io.yunpipe.wrap.LayerFiles.Found;
import io.yunpipe.wrap.LayerFiles.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The file tree that an image's layers make, read from the top as far as it is needed. */
final class ImageFiles {
  private static final int MAX_LINKS = 40;

  private final String image;
  private final List<Descriptor> layers;
  private final Blobs blobs;
  private final List<LayerFiles> read = new ArrayList<>();
  private final LayerFiles.Room room = new LayerFiles.Room();

  /** Opens blobs. */
  @FunctionalInterface
  interface Blobs {
    InputStream open(Descriptor blob) throws IOException;
  }

  ImageFiles(String image, List<Descriptor> layers, Blobs blobs) {
    this.image = image;
    this.layers = layers;
    this.blobs = blobs;
  }

  /** Returns whether a path leads to a file, over links too. */
  boolean hasFile(String path) {
    Deque<String> ahead = new ArrayDeque<>(List.of(path.split("/", -1)));
    List<String> here = new ArrayList<>();
    int links = 0;
    Kind kind = Kind.FOLDER;
    while (!ahead.isEmpty()) {
      String part = ahead.pop();
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..")) {
        if (!here.isEmpty()) {
          here.remove(here.size() - 1);
        }
        kind = Kind.FOLDER;
        continue;
      }
      if (kind != Kind.FOLDER) {
        return false;
      }
      here.add(part);
      Optional<Found> found = at(String.join("/", here));
      if (found.isEmpty()) {
        return false;
      }
      kind = found.get().kind();
      if (kind == Kind.LINK) {
        if (++links > MAX_LINKS) {
          return false;
        }
        String target = found.get().target();
        here.remove(here.size() - 1);
        if (target.startsWith("/")) {
          here.clear();
        }
        List<String> parts = List.of(target.split("/", -1));
        for (int i = parts.size() - 1; i >= 0; i--) {
          ahead.push(parts.get(i));
        }
        kind = Kind.FOLDER;
      }
    }
    return kind == Kind.FILE;
  }

  private Optional<Found> at(String path) {
    for (int i = 0; i < layers.size(); i++) {
      LayerFiles layer = layer(i);
      Optional<Found> found = layer.at(path);
      if (found.isPresent()) {
        return found;
      }
      if (layer.hides(path)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Reads all layers. */
  void readAll() {
    if (!layers.isEmpty()) {
      layer(layers.size() - 1);
    }
  }

  /** Returns a layer, counted from the topmost. */
  private synchronized LayerFiles layer(int fromTop) {
    while (read.size() <= fromTop) {
      Descriptor layer = layers.get(layers.size() - 1 - read.size());
      try (InputStream in = blobs.open(layer)) {
        read.add(LayerFiles.read(in, room));
      } catch (IOException e) {
        throw new BackendException(
            "Could not look into layer "
                + layer.digest()
                + " of "
                + image
                + ": "
                + Said.shortened(e.getMessage()),
            e);
      }
    }
    return read.get(fromTop);
  }
}
