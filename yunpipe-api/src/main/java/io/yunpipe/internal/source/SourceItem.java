package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One input: a valid name and its bytes. Immutable; its content may be opened more than once. */
public final class SourceItem {
  private final String name;
  private final Content content;
  private final @Nullable StampedFile file;
  private final byte @Nullable [] bytes;
  private final @Nullable ObjectInfo stored;
  private final @Nullable InvalidInputException problem;

  private SourceItem(
      String name,
      Content content,
      @Nullable StampedFile file,
      byte @Nullable [] bytes,
      @Nullable ObjectInfo stored,
      @Nullable InvalidInputException problem) {
    this.name = name;
    this.content = content;
    this.file = file;
    this.bytes = bytes;
    this.stored = stored;
    this.problem = problem;
  }

  static SourceItem of(String name, StampedFile file) {
    return new SourceItem(name, file, file, null, null, null);
  }

  /** A file, or what is wrong with it. */
  static SourceItem of(String name, Path file) {
    try {
      return of(name, StampedFile.of(file));
    } catch (InvalidInputException e) {
      return broken(name, e);
    }
  }

  static SourceItem of(String name, byte[] bytes) {
    return new SourceItem(name, Content.of(bytes), null, bytes, null, null);
  }

  static SourceItem of(String name, Content content) {
    return new SourceItem(name, content, null, null, null, null);
  }

  static SourceItem stored(String name, Content content, ObjectInfo object) {
    return new SourceItem(name, content, null, null, object, null);
  }

  /** An input that cannot be used; the others can. */
  static SourceItem broken(String name, InvalidInputException problem) {
    return new SourceItem(name, new BrokenContent(problem), null, null, null, problem);
  }

  /** An input that was taken already. */
  static SourceItem repeated(String name) {
    return broken(
        name,
        new InvalidInputException(
            "Could not take the input "
                + Quoted.of(name)
                + " again: it was named before. Name each input once."));
  }

  SourceItem renamed(String other) {
    return new SourceItem(other, content, file, bytes, stored, problem);
  }

  /** Returns the name: a relative path with {@code /}, valid as part of a key. */
  public String name() {
    return name;
  }

  /**
   * Returns why this input cannot be used, such as a link to nothing, if so. Opening its content
   * throws it, so that its job can fail with this reason while others go on.
   */
  public Optional<InvalidInputException> problem() {
    return Optional.ofNullable(problem);
  }

  /** Returns the number of bytes; -1 if there is a {@link #problem()}. */
  public long size() {
    return content.size();
  }

  /**
   * Returns the bytes. Reading them throws {@link InvalidInputException} where a file is gone or
   * changes meanwhile, or a zip's entry is not what it claims. {@link Content#file()} is empty on
   * purpose, so that nothing copies a file past that check.
   */
  public Content content() {
    return content;
  }

  /** Returns the file of this machine that holds the bytes, if one does. */
  public Optional<Path> file() {
    return Optional.ofNullable(file).map(StampedFile::path);
  }

  /** Returns the bytes if they are in memory. Not copied. */
  public Optional<byte[]> bytes() {
    return Optional.ofNullable(bytes);
  }

  /** Returns the object if the bytes are in the backend's store already and need no copy. */
  public Optional<ObjectInfo> stored() {
    return Optional.ofNullable(stored);
  }

  /**
   * Checks that a file is still as it was when this item was made; for those who copied {@link
   * #file()} by themselves.
   *
   * @throws InvalidInputException if it changed, or is gone
   */
  public void verifyUnchanged() {
    if (file != null) {
      file.verifyUnchanged();
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private record BrokenContent(InvalidInputException problem) implements Content {
    @Override
    public long size() {
      return -1;
    }

    @Override
    public InputStream open() {
      throw new InvalidInputException(String.valueOf(problem.getMessage()), problem);
    }
  }
}
