package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import io.yunpipe.wrap.Registry.Ask;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Images and blobs of one repository of a registry. */
final class Repository {
  private static final String PULL = "repository:%s:pull";
  private static final String PUSH = "repository:%s:pull,push";

  private final Registry registry;
  private final String name;
  private final String pull;
  private final String push;

  Repository(Registry registry, String name) {
    this.registry = registry;
    this.name = name;
    this.pull = PULL.formatted(name);
    this.push = PUSH.formatted(name);
  }

  Registry registry() {
    return registry;
  }

  String name() {
    return name;
  }

  @Override
  public String toString() {
    return registry.name() + "/" + name;
  }

  /** Reads a manifest by its tag or digest; empty if there is none. */
  Optional<Document> manifest(String reference) {
    String what = "read image " + this + (Digest.isOne(reference) ? "@" : ":") + reference;
    Ask ask =
        new Ask(
            what,
            "GET",
            registry.uri(name, "manifests/" + reference),
            pull,
            Map.of("Accept", MediaTypes.ACCEPT),
            null,
            n -> {});
    return registry.trying(() -> manifest(ask, reference));
  }

  private Optional<Document> manifest(Ask ask, String reference) {
    try (Reply reply = registry.send(ask)) {
      if (reply.status() == 404) {
        return Optional.empty();
      }
      if (!reply.good()) {
        throw registry.refused(ask, reply);
      }
      byte[] bytes = Documents.read(reply.body(), "image " + this + " " + reference);
      registry.traffic().received(bytes.length);
      String type = reply.header("Content-Type").orElse("").replaceFirst(";.*", "").strip();
      Document document = new Document(type, bytes);
      if (Digest.isOne(reference) && !document.digest().equals(reference)) {
        throw new BackendException(
            "Could not "
                + ask.what()
                + ": what came has the digest "
                + document.digest()
                + ". It is damaged there or on the way; try again, or push the image again",
            null);
      }
      return Optional.of(document);
    } catch (IOException e) {
      throw Http.unreachable(ask.what(), registry.name(), e);
    }
  }

  /**
   * Returns the digest of what a tag is, as who may push is told; empty if there is no such tag.
   */
  Optional<String> digest(String tag) {
    Ask ask =
        new Ask(
            "look for image " + this + ":" + tag,
            "HEAD",
            registry.uri(name, "manifests/" + tag),
            push,
            Map.of("Accept", MediaTypes.ACCEPT),
            null,
            n -> {});
    Optional<String> told =
        registry.trying(
            () -> {
              try (Reply reply = registry.send(ask)) {
                if (reply.status() == 404) {
                  return Optional.<String>empty();
                }
                if (!reply.good()) {
                  throw registry.refused(ask, reply);
                }
                return Optional.of(reply.header("Docker-Content-Digest").orElse(""));
              }
            });
    // Not every registry tells, and a tag that is there must never be taken for free.
    return told.flatMap(
        digest -> Digest.isOne(digest) ? Optional.of(digest) : manifest(tag).map(Document::digest));
  }

  /** Opens a blob; the stream checks it. */
  BlobStream blob(Descriptor blob) {
    Ask ask =
        new Ask(
            "read blob " + blob.digest() + " of " + this,
            "GET",
            registry.uri(name, "blobs/" + blob.digest()),
            pull);
    return registry.trying(
        () -> {
          Reply reply = registry.send(ask);
          if (!reply.good()) {
            throw registry.refused(ask, reply);
          }
          return new BlobStream(
              reply.stream(), blob, toString(), n -> registry.traffic().received(n));
        });
  }

  /** Returns whether a blob is here. */
  boolean has(Descriptor blob) {
    Ask ask =
        new Ask(
            "look for blob " + blob.digest() + " in " + this,
            "HEAD",
            registry.uri(name, "blobs/" + blob.digest()),
            push);
    return registry.trying(
        () -> {
          try (Reply reply = registry.send(ask)) {
            return reply.good();
          }
        });
  }

  /**
   * Takes a blob from another repository of the registry, without moving it.
   *
   * @return whether it is here now
   */
  boolean mount(Descriptor blob, String from) {
    URI uri = registry.uri(name, "blobs/uploads/?mount=" + blob.digest() + "&from=" + from);
    Ask ask =
        new Ask(
            "mount blob " + blob.digest() + " of " + from + " in " + this,
            "POST",
            uri,
            push + " " + PULL.formatted(from),
            Map.of(),
            Body.of(new byte[0]),
            n -> {});
    return registry.trying(
        () -> {
          try (Reply reply = registry.send(ask)) {
            if (reply.status() == 202) {
              // An upload was begun instead; it is not wanted yet.
              cancel(registry.location(ask.what(), reply));
            }
            return reply.status() == 201;
          }
        });
  }

  private void cancel(URI upload) {
    try (Reply reply =
        registry.send(new Ask("cancel an upload to " + this, "DELETE", upload, push))) {
      // Registries forget uploads by themselves, too.
      reply.status();
    } catch (BackendException e) {
      // The same.
    }
  }

  /** Writes a blob. */
  void write(Descriptor blob, Body body, LongConsumer progress) {
    String what = "push blob " + blob.digest() + " to " + this;
    registry.<@Nullable Void>trying(
        () -> {
          upload(what, blob, body, progress);
          return null;
        });
  }

  private void upload(String what, Descriptor blob, Body body, LongConsumer progress) {
    Ask begin =
        new Ask(
            what,
            "POST",
            registry.uri(name, "blobs/uploads/"),
            push,
            Map.of(),
            Body.of(new byte[0]),
            n -> {});
    URI location;
    try (Reply reply = registry.send(begin)) {
      if (reply.status() != 202) {
        throw registry.refused(begin, reply);
      }
      location = registry.location(what, reply);
    }
    URI to =
        URI.create(
            location
                + (location.getRawQuery() == null ? "?" : "&")
                + "digest="
                + blob.digest().replace(":", "%3A"));
    Ask all =
        new Ask(
            what,
            "PUT",
            to,
            push,
            Map.of("Content-Type", "application/octet-stream"),
            body,
            progress);
    try (Reply reply = registry.send(all)) {
      if (reply.status() != 201 && reply.status() != 204) {
        throw registry.refused(all, reply);
      }
    }
  }

  /** Writes a manifest under a tag or its digest. */
  void put(String reference, Document document) {
    String what = "push image " + this + (Digest.isOne(reference) ? "@" : ":") + reference;
    Ask ask =
        new Ask(
            what,
            "PUT",
            registry.uri(name, "manifests/" + reference),
            push,
            Map.of("Content-Type", document.mediaType()),
            Body.of(document.bytes()),
            n -> {});
    registry.<@Nullable Void>trying(
        () -> {
          try (Reply reply = registry.send(ask)) {
            if (!reply.good()) {
              throw registry.refused(ask, reply);
            }
            Optional<String> digest = reply.header("Docker-Content-Digest");
            if (digest.isPresent() && !digest.get().equals(document.digest())) {
              throw new BackendException(
                  "Could not "
                      + what
                      + ": the registry has it as "
                      + Said.shortened(digest.get())
                      + ", but it is "
                      + document.digest()
                      + ". It changes manifests, so digests cannot be relied on there",
                  null);
            }
            return null;
          }
        });
  }
}
