package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.Call.Slice;
import io.yunpipe.aws.s3.S3Calls.Outcome;
import io.yunpipe.aws.s3.S3Calls.Part;
import io.yunpipe.aws.s3.S3Calls.Upload;
import io.yunpipe.aws.s3.S3Calls.Written;
import io.yunpipe.spi.Stored;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One object sent in parts: read in order by the caller's thread, sent by others. After a failure
 * the content may be sent again; parts that have arrived are then left out. So are those of an
 * upload that another program broke off. The order to put the parts together names each part's tag,
 * so the object is the content that was read whoever else wrote to the same upload.
 */
final class MultipartUpload {
  private static final Logger logger = LoggerFactory.getLogger(MultipartUpload.class);

  private final S3Calls calls;
  private final String key;
  private final String writeId;
  private final PartBuffers buffers;
  private final Executor threads;

  /** Parts of an earlier program, by number. */
  private final Map<Integer, Part> found = new HashMap<>();

  /** Parts that have arrived, by number. */
  private final Map<Integer, Sent> sent = new TreeMap<>();

  private @Nullable String id;
  private boolean resumed;
  private int parts;
  private @Nullable BackendException failure;

  private record Sent(Part part, long crc) {}

  MultipartUpload(
      S3Calls calls, String key, String writeId, PartBuffers buffers, Executor threads) {
    this.calls = calls;
    this.key = key;
    this.writeId = writeId;
    this.buffers = buffers;
    this.threads = threads;
  }

  String key() {
    return key;
  }

  /** Returns why the last {@link #send} did not send all. */
  Optional<BackendException> failure() {
    return Optional.ofNullable(failure);
  }

  /** Goes on with an upload that was broken off. */
  void resume(Upload upload) {
    id = upload.id();
    resumed = true;
    for (Part part : calls.parts(key, upload.id())) {
      found.put(part.number(), part);
    }
    logger.debug("Resuming the upload of {} with {} parts", key, found.size());
  }

  /**
   * Sends all parts that are not there yet.
   *
   * @param first given back by this
   * @return what was read; empty if a part could not be sent and another try may help
   */
  Optional<Stored> send(PartReader reader, Slice first) {
    List<CompletableFuture<?>> pending = new ArrayList<>();
    failure = null;
    boolean taken = false;
    try {
      String upload = begun();
      Slice body = first;
      while (true) {
        taken = true;
        send(upload, reader.number(), body, pending);
        if (reader.ended() || failed()) {
          break;
        }
        if (reader.number() == PartSizes.MOST) {
          throw new BackendException(
              "Could not store "
                  + key
                  + ": it needs more than 10,000 parts. Store it as a file, whose size is known"
                  + " before, or set larger parts.",
              null);
        }
        body = reader.next();
      }
    } finally {
      if (!taken) {
        buffers.give(first.bytes());
      }
      // Their buffers are in use until then.
      await(pending);
    }
    BackendException failed = failure;
    if (failed != null) {
      if (failed.retryable() && !Thread.currentThread().isInterrupted()) {
        logger.debug("The upload of {} is sent again", key, failed);
        return Optional.empty();
      }
      if (resumed) {
        logger.debug("The upload of {} that was found is of no use", key, failed);
        restart();
        return Optional.empty();
      }
      throw failed;
    }
    parts = reader.number();
    return Optional.of(new Stored(reader.size(), HexFormat.of().formatHex(reader.sha256())));
  }

  private String begun() {
    String upload = id;
    if (upload == null) {
      upload = calls.createUpload(key, writeId);
      id = upload;
    }
    return upload;
  }

  private void send(String upload, int number, Slice body, List<CompletableFuture<?>> pending) {
    boolean handedOver = false;
    try {
      CRC32C crc = new CRC32C();
      crc.update(body.bytes(), body.offset(), body.length());
      if (arrived(number, body, crc.getValue())) {
        return;
      }
      Runnable task =
          () -> {
            try {
              if (!failed()) {
                Part part = calls.uploadPart(key, upload, number, body);
                synchronized (this) {
                  sent.put(number, new Sent(part, crc.getValue()));
                }
              }
            } catch (BackendException e) {
              fail(e);
            } finally {
              buffers.give(body.bytes());
            }
          };
      pending.add(CompletableFuture.runAsync(task, threads));
      handedOver = true;
    } finally {
      if (!handedOver) {
        buffers.give(body.bytes());
      }
    }
  }

  private synchronized boolean arrived(int number, Slice body, long crc) {
    Sent before = sent.get(number);
    if (before != null) {
      return before.part().size() == body.length() && before.crc() == crc;
    }
    Part part = found.get(number);
    if (part == null || part.size() != body.length()) {
      return false;
    }
    String sha256 =
        calls.checksums() ? Base64.getEncoder().encodeToString(Digests.sha256(body)) : "";
    boolean same =
        part.sha256().isEmpty()
            ? part.etag().equals(HexFormat.of().formatHex(Digests.md5(body)))
            : part.sha256().equals(sha256);
    if (same) {
      sent.put(number, new Sent(new Part(number, part.size(), part.etag(), sha256), crc));
    }
    return same;
  }

  private synchronized boolean failed() {
    return failure != null;
  }

  private synchronized void fail(BackendException e) {
    if (failure == null) {
      failure = e;
    } else {
      failure.addSuppressed(e);
    }
  }

  private void await(List<CompletableFuture<?>> pending) {
    boolean interrupted = false;
    for (CompletableFuture<?> each : pending) {
      while (true) {
        try {
          each.get();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          fail(new BackendException("Interrupted while storing " + key, true, e));
        } catch (ExecutionException e) {
          fail(new BackendException("Could not store " + key + ": " + e.getCause(), e.getCause()));
          break;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Puts the parts together. */
  Written complete(Condition condition) {
    List<Part> list = new ArrayList<>();
    synchronized (this) {
      for (int number = 1; number <= parts; number++) {
        Sent part = sent.get(number);
        if (part == null) {
          throw new IllegalStateException("Part " + number + " of " + key + " was not sent");
        }
        list.add(part.part());
      }
    }
    try {
      return calls.complete(key, begun(), list, condition);
    } catch (BackendException e) {
      if (resumed && !e.retryable()) {
        logger.debug("The upload of {} that was found is of no use", key, e);
        return new Written(Outcome.AGAIN, true);
      }
      throw e;
    }
  }

  /** Begins anew with another upload. */
  void restart() {
    abort();
    id = null;
    resumed = false;
    found.clear();
    sent.clear();
  }

  /** Drops what was sent. */
  void abort() {
    String upload = id;
    if (upload == null) {
      return;
    }
    try {
      calls.abort(key, upload);
    } catch (BackendException e) {
      logger.warn(
          "Could not drop the unfinished upload of s3://{}/{}; a lifecycle rule that aborts"
              + " incomplete multipart uploads removes it: {}",
          calls.bucket(),
          key,
          e.getMessage());
    }
  }
}
