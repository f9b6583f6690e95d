package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
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

  private SourceItem(
      String name,
      Content content,
      @Nullable StampedFile file,
      byte @Nullable [] bytes,
      @Nullable ObjectInfo stored) {
    this.name = name;
    this.content = content;
    this.file = file;
    this.bytes = bytes;
    this.stored = stored;
  }

  static SourceItem of(String name, StampedFile file) {
    return new SourceItem(name, file, file, null, null);
  }

  static SourceItem of(String name, byte[] bytes) {
    return new SourceItem(name, Content.of(bytes), null, bytes, null);
  }

  static SourceItem of(String name, Content content) {
    return new SourceItem(name, content, null, null, null);
  }

  static SourceItem stored(String name, Content content, ObjectInfo object) {
    return new SourceItem(name, content, null, null, object);
  }

  SourceItem renamed(String other) {
    return new SourceItem(other, content, file, bytes, stored);
  }

  /** Returns the name: a relative path with {@code /}, valid as part of a key. */
  public String name() {
    return name;
  }

  /** Returns the number of bytes. */
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
}
