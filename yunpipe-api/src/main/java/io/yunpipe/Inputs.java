package io.yunpipe;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a run's inputs come from. They are read one after the other while the run is submitted,
 * never all at once.
 */
public sealed interface Inputs {
  /**
   * Files named one by one; their names are relative to the deepest folder that holds them all.
   *
   * @param paths files of this machine, at least one
   */
  record Files(List<Path> paths) implements Inputs {}

  /**
   * All files below a folder, in order of their paths. Links to files are followed, hidden files
   * (starting with a dot) are not taken.
   *
   * @param path the folder
   */
  record Folder(Path path) implements Inputs {}

  /**
   * Files that match a glob such as {@code images/**}{@code /*.png}; names are relative to its part
   * without wildcards.
   *
   * @param pattern the glob, relative to the current folder or absolute
   */
  record Glob(String pattern) implements Inputs {}

  /**
   * The entries of a zip, read without unpacking it to disk.
   *
   * @param path the zip
   */
  record Zip(Path path) implements Inputs {}

  /**
   * Objects that the backend's store already has, below a prefix.
   *
   * @param prefix a key prefix in the backend's store
   */
  record Prefix(String prefix) implements Inputs {}

  /**
   * Inputs of any kind and number, one by one; read once.
   *
   * @param iterator supplies them
   */
  record Items(Iterator<Input> iterator) implements Inputs {}

  /**
   * Inputs of several kinds, one after the other. Names of files are relative to the deepest folder
   * that holds all of them, as if a zip had been unpacked beside itself.
   *
   * @param parts at least one
   */
  record Several(List<Inputs> parts) implements Inputs {}

  /** Returns {@link Files}. */
  static Inputs files(List<Path> paths) {
    return new Files(List.copyOf(paths));
  }

  /** Returns {@link Folder}. */
  static Inputs folder(Path path) {
    return new Folder(path);
  }

  /** Returns {@link Glob}. */
  static Inputs glob(String pattern) {
    return new Glob(pattern);
  }

  /** Returns {@link Zip}. */
  static Inputs zip(Path path) {
    return new Zip(path);
  }

  /** Returns {@link Prefix}. */
  static Inputs prefix(String prefix) {
    return new Prefix(prefix);
  }

  /** Returns {@link Several}. */
  static Inputs several(List<Inputs> parts) {
    return new Several(List.copyOf(parts));
  }

  /** Returns {@link Items}. */
  static Inputs of(Iterator<Input> inputs) {
    return new Items(inputs);
  }

  /** Returns {@link Items}; the stream is closed by the submission. */
  static Inputs of(Stream<Input> inputs) {
    return new Items(new StreamIterator(inputs));
  }
}
