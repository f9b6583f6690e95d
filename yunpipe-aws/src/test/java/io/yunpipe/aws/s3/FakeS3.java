package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.Call.Slice;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectKeys;
import io.yunpipe.spi.UploadLink;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Objects in memory that are created once, as S3 does it, with its bad luck: answers that are lost,
 * conflicts, calls that take long. What went wrong follows from a seed and the order of calls.
 */
final class FakeS3 implements S3Calls {
  final AtomicInteger puts = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger lists = new AtomicInteger();

  /** Most objects of a page: fewer than asked for, as S3 may send. */
  int longest = 7;

  private final TreeMap<String, byte[]> objects = new TreeMap<>(ObjectKeys.ORDER);
  private final Random random;
  private volatile int lost;
  private volatile int failed;

  /**
   * Creates it.
   *
   * @param lost percent of the successful writes that are told of a refusal
   * @param failed percent of the writes that fail, half of them after they took place
   */
  FakeS3(long seed, int lost, int failed) {
    this.random = new Random(seed);
    this.lost = lost;
    this.failed = failed;
  }

  /** Lets all go well from now on. */
  void calm() {
    lost = 0;
    failed = 0;
  }

  private synchronized boolean happens(int percent) {
    return random.nextInt(100) < percent;
  }

  private void passTime() {
    LockSupport.parkNanos(happens(30) ? 200_000 : 1);
  }

  @Override
  public String bucket() {
    return "fake";
  }

  @Override
  public boolean checksums() {
    return false;
  }

  @Override
  public Written put(String key, Slice body, byte[] sha256, Condition condition) {
    puts.incrementAndGet();
    passTime();
    boolean fails = happens(failed);
    if (fails && happens(50)) {
      throw broken();
    }
    if (happens(failed)) {
      return new Written(Outcome.AGAIN, false);
    }
    boolean created;
    synchronized (this) {
      byte[] bytes = Arrays.copyOfRange(body.bytes(), body.offset(), body.offset() + body.length());
      created = objects.putIfAbsent(key, bytes) == null;
    }
    passTime();
    if (fails) {
      throw broken();
    }
    if (created && happens(lost)) {
      return new Written(Outcome.REFUSED, true);
    }
    if (!created) {
      refused.incrementAndGet();
    }
    return new Written(created ? Outcome.DONE : Outcome.REFUSED, false);
  }

  private static BackendException broken() {
    return new BackendException("The connection broke", true, null);
  }

  @Override
  public Optional<byte[]> read(String key) {
    reads.incrementAndGet();
    passTime();
    synchronized (this) {
      return Optional.ofNullable(objects.get(key));
    }
  }

  @Override
  public Page list(String prefix, String after, int limit) {
    lists.incrementAndGet();
    passTime();
    List<ObjectInfo> page = new ArrayList<>();
    synchronized (this) {
      int most = Math.min(limit, longest);
      for (Map.Entry<String, byte[]> object : objects.tailMap(prefix, true).entrySet()) {
        String key = object.getKey();
        if (!key.startsWith(prefix)) {
          break;
        }
        if (ObjectKeys.ORDER.compare(key, after) > 0) {
          if (page.size() == most) {
            return new Page(page, true);
          }
          page.add(new ObjectInfo(key, object.getValue().length, "t", Instant.EPOCH));
        }
      }
    }
    return new Page(page, false);
  }

  @Override
  public void delete(String key) {
    synchronized (this) {
      objects.remove(key);
    }
  }

  @Override
  public void deleteAll(List<String> keys) {
    keys.forEach(this::delete);
  }

  @Override
  public Optional<Head> head(String key) {
    throw unused();
  }

  @Override
  public Optional<Fetched> get(String key, long first, long last, @Nullable String etag) {
    throw unused();
  }

  @Override
  public String createUpload(String key, String writeId) {
    throw unused();
  }

  @Override
  public Part uploadPart(String key, String upload, int number, Slice body) {
    throw unused();
  }

  @Override
  public List<Part> parts(String key, String upload) {
    throw unused();
  }

  @Override
  public List<Upload> uploads(String key) {
    throw unused();
  }

  @Override
  public Written complete(String key, String upload, List<Part> parts, Condition condition) {
    throw unused();
  }

  @Override
  public void abort(String key, String upload) {
    throw unused();
  }

  @Override
  public URI presignGet(String key, Duration validity) {
    throw unused();
  }

  @Override
  public UploadLink presignPut(String key, long size, Duration validity) {
    throw unused();
  }

  private static IllegalStateException unused() {
    return new IllegalStateException("Commit markers need no such call");
  }
}
