package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.Call.Slice;
import io.yunpipe.aws.s3.S3Calls.Outcome;
import io.yunpipe.aws.s3.S3Calls.Upload;
import io.yunpipe.aws.s3.S3Calls.Written;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores contents, in one request or in parts. Thread-safe. */
final class Uploads {
  private static final Logger logger = LoggerFactory.getLogger(Uploads.class);

  /** Below this a body gets memory of its own, which is soon free again. */
  private static final int SMALL = 256 * 1024;

  /** From so many parts on it pays to look for an upload that was broken off. */
  private static final int RESUMED_PARTS = 8;

  private static final Duration RESUMED_FOR = Duration.ofDays(7);
  private static final int TRIES = 4;

  private final S3Calls calls;
  private final S3Options options;
  private final Executor threads;
  private final Clock clock;
  private final PartBuffers buffers;

  Uploads(S3Calls calls, S3Options options, Executor threads, Clock clock) {
    this.calls = calls;
    this.options = options;
    this.threads = threads;
    this.clock = clock;
    this.buffers = new PartBuffers((int) options.partBytes(), options.parallelism());
  }

  /**
   * Stores a content.
   *
   * @return what was stored; empty if the condition does not hold
   */
  Optional<Stored> store(String key, Content content, Condition condition) {
    long size = content.size();
    if (size >= 0 && size < SMALL) {
      PartBuffers own = new PartBuffers((int) size + 1, 1);
      try (PartReader reader = reader(key, content, new PartSizes(size + 1, -1), own)) {
        return single(key, reader.next(), reader.sha256(), condition);
      }
    }
    Optional<Stored> stored;
    try (PartReader reader =
        reader(key, content, new PartSizes(options.partBytes(), size), buffers)) {
      Slice first = reader.next();
      if (!reader.ended()) {
        return inParts(key, content, condition, reader, first);
      }
      try {
        stored = single(key, first, reader.sha256(), condition);
      } finally {
        buffers.give(first.bytes());
      }
    }
    return stored;
  }

  /** Reads a small content whole. */
  byte[] read(String key, Content content) {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new BackendException(
          "Could not read the content to store it as " + name(key) + ": " + e, e);
    }
  }

  private PartReader reader(String key, Content content, PartSizes sizes, PartBuffers from) {
    return new PartReader(content, name(key), sizes, from);
  }

  private Optional<Stored> single(String key, Slice body, byte[] sha256, Condition condition) {
    for (int i = 0; i < TRIES; i++) {
      Written written = calls.put(key, body, sha256, condition);
      if (written.outcome() == Outcome.DONE || (written.uncertain() && ours(key, condition))) {
        return Optional.of(new Stored(body.length(), HexFormat.of().formatHex(sha256)));
      }
      if (written.outcome() == Outcome.REFUSED) {
        return Optional.empty();
      }
    }
    throw contended(key);
  }

  /** Returns whether the object is the one that this condition's write made. */
  private boolean ours(String key, Condition condition) {
    return !condition.id().isEmpty()
        && calls.head(key).filter(head -> head.writeId().equals(condition.id())).isPresent();
  }

  private Optional<Stored> inParts(
      String key, Content content, Condition condition, PartReader reader, Slice first) {
    Condition marked =
        condition.id().isEmpty()
            ? new Condition(condition.ifNoneMatch(), condition.ifMatch(), Condition.newId())
            : condition;
    MultipartUpload upload = new MultipartUpload(calls, key, marked.id(), buffers, threads);
    boolean resumable = !condition.any() && content.file().isPresent();
    try {
      if (condition.ifNoneMatch() != null && calls.head(key).isPresent()) {
        buffers.give(first.bytes());
        return Optional.empty();
      }
      if (resumable && content.size() > RESUMED_PARTS * options.partBytes()) {
        broken(key).ifPresent(upload::resume);
      }
    } catch (RuntimeException | Error e) {
      buffers.give(first.bytes());
      throw e;
    }
    return sent(upload, content, marked, resumable, reader, first);
  }

  private Optional<Stored> sent(
      MultipartUpload upload,
      Content content,
      Condition condition,
      boolean resumable,
      PartReader reader,
      Slice first) {
    String key = upload.key();
    try {
      Optional<Stored> stored = Optional.empty();
      Outcome outcome = Outcome.AGAIN;
      for (int i = 0; i < TRIES && outcome == Outcome.AGAIN; i++) {
        if (i == 0) {
          stored = upload.send(reader, first);
        } else {
          try (PartReader again =
              reader(key, content, new PartSizes(options.partBytes(), content.size()), buffers)) {
            stored = upload.send(again, again.next());
          }
        }
        if (stored.isEmpty()) {
          continue;
        }
        Written written = upload.complete(condition);
        outcome =
            written.outcome() != Outcome.DONE && written.uncertain() && ours(key, condition)
                ? Outcome.DONE
                : written.outcome();
        if (outcome == Outcome.AGAIN) {
          upload.restart();
        }
      }
      switch (outcome) {
        case DONE -> {
          return stored;
        }
        case REFUSED -> {
          upload.abort();
          return Optional.empty();
        }
        default -> throw upload.failure().orElseGet(() -> contended(key));
      }
    } catch (BackendException e) {
      if (!(resumable && e.retryable())) {
        upload.abort();
      }
      throw e;
    } catch (RuntimeException | Error e) {
      upload.abort();
      throw e;
    }
  }

  /** Returns the newest upload to a key that was broken off, and drops what is too old. */
  private Optional<Upload> broken(String key) {
    try {
      Instant oldest = clock.instant().minus(RESUMED_FOR);
      List<Upload> uploads = calls.uploads(key);
      for (Upload upload : uploads) {
        if (upload.begun().isBefore(oldest)) {
          calls.abort(key, upload.id());
        }
      }
      return uploads.stream()
          .filter(upload -> !upload.begun().isBefore(oldest))
          .max(Comparator.comparing(Upload::begun));
    } catch (BackendException e) {
      logger.debug("Not looking for a broken upload of {}", name(key), e);
      return Optional.empty();
    }
  }

  private String name(String key) {
    return "s3://" + calls.bucket() + "/" + key;
  }

  private BackendException contended(String key) {
    return new BackendException(
        "Could not store "
            + name(key)
            + ": other writes to this key came between each time. Try again later.",
        true,
        null);
  }
}
