package io.yunpipe.wrap;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names an image in a registry, as {@code docker pull} takes it. Immutable and thread-safe.
 *
 * <p>{@code ubuntu} is {@code docker.io/library/ubuntu:latest}. A first part with a dot, a colon,
 * or {@code localhost} names a registry.
 */
public final class ImageReference {
  /** Docker Hub, in names. */
  static final String HUB = "docker.io";

  private static final int MAX_NAME = 255;
  private static final Pattern FORM =
      Pattern.compile(
          "(?<name>[^@]+?)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>.+))?");
  private static final Pattern HOST =
      Pattern.compile(
          "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
              + "|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?");
  private static final Pattern REPOSITORY =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");

  private final String registry;
  private final String repository;
  private final @Nullable String tag;
  private final @Nullable String digest;

  private ImageReference(
      String registry, String repository, @Nullable String tag, @Nullable String digest) {
    this.registry = registry;
    this.repository = repository;
    this.tag = tag;
    this.digest = digest;
  }

  /**
   * Reads a reference.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ImageReference parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > 2 * MAX_NAME || !form.matches()) {
      throw wrong(text, "it must be [registry/]name[:tag][@digest]");
    }
    String name = form.group("name");
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
    String registry = named ? first : HUB;
    if (registry.equals("index." + HUB) || registry.equals("registry-1." + HUB)) {
      registry = HUB;
    }
    String repository = named ? name.substring(slash + 1) : name;
    if (registry.equals(HUB) && !repository.contains("/")) {
      repository = "library/" + repository;
    }
    if (!HOST.matcher(registry).matches()) {
      throw wrong(text, "'" + registry + "' is no host");
    }
    if (repository.length() > MAX_NAME || !REPOSITORY.matcher(repository).matches()) {
      throw wrong(
          text,
          "the name must be of lower-case letters, digits and single '.', '_', '-' and '/' between"
              + " them, at most "
              + MAX_NAME);
    }
    @Nullable String digest = form.group("digest");
    if (digest != null && !Digest.isOne(digest)) {
      throw wrong(text, "the digest must be sha256: and 64 digits of 0-9 and a-f");
    }
    return new ImageReference(registry, repository, form.group("tag"), digest);
  }

  private static IllegalArgumentException wrong(String text, String why) {
    return new IllegalArgumentException(
        "image must be a reference such as ubuntu:24.04 or registry.example.org/lab/cells:1.0, but"
            + " was \""
            + text
            + "\": "
            + why);
  }

  /** Returns the registry's host, with its port if it has one; {@code docker.io} for Docker Hub. */
  public String registry() {
    return registry;
  }

  /** Returns the name inside the registry, such as {@code library/ubuntu}. */
  public String repository() {
    return repository;
  }

  /** Returns the tag; {@code latest} if there is neither a tag nor a digest. */
  public Optional<String> tag() {
    return tag == null && digest == null ? Optional.of("latest") : Optional.ofNullable(tag);
  }

  /** Returns the digest, if it names one. */
  public Optional<String> digest() {
    return Optional.ofNullable(digest);
  }

  /** Returns what a registry is asked for: the digest, or else the tag. */
  String wanted() {
    return digest != null ? digest : tag().orElseThrow();
  }

  /** Returns the same image by its digest, without a tag. */
  public ImageReference pinned(String newDigest) {
    return new ImageReference(registry, repository, null, Digest.check(newDigest));
  }

  /** Returns another tag of the same repository. */
  public ImageReference tagged(String newTag) {
    return parse(name() + ":" + newTag);
  }

  /** Returns registry and repository. */
  public String name() {
    return registry + "/" + repository;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ImageReference that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** Returns the whole reference, registry and tag included. */
  @Override
  public String toString() {
    return name() + tag().map(it -> ":" + it).orElse("") + digest().map(it -> "@" + it).orElse("");
  }
}
