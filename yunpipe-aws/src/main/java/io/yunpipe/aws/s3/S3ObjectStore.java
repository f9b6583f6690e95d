package io.yunpipe.aws.s3;

import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.s3.S3Calls.Fetched;
import io.yunpipe.aws.s3.S3Calls.Head;
import io.yunpipe.aws.s3.S3Calls.Page;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectKeys;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import io.yunpipe.spi.UploadLink;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Objects in a bucket, below a prefix. Needs a service with conditional writes and strong
 * consistency, as S3 has. An object's tag changes with its bytes only. Thread-safe.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final int PAGE = 1000;

  private final S3Calls calls;
  private final String prefix;
  private final S3Options options;
  private final Parallel parallel;
  private final Uploads uploads;

  S3ObjectStore(S3Calls calls, String prefix, S3Options options) {
    this.calls = calls;
    this.prefix = S3Keys.folder(prefix);
    this.options = options;
    this.parallel = new Parallel(options.parallelism());
    this.uploads = new Uploads(calls, options, parallel.threads(), Clock.systemUTC());
  }

  /**
   * Returns a store over signed calls.
   *
   * @param http not closed with the store
   */
  public static S3ObjectStore over(AwsHttp http, S3Place place, S3Options options) {
    return new S3ObjectStore(
        new SignedS3(http, place, options.checksums()), place.prefix(), options);
  }

  /**
   * Returns a store over a ready-made client, with its credentials, region, retries and settings.
   *
   * @param client not closed with the store
   * @param prefix what all keys start with; may be empty; a slash is added at its end
   */
  public static S3ObjectStore over(
      S3Client client, String bucket, String prefix, S3Options options) {
    return new S3ObjectStore(new SdkS3(client, bucket, options.checksums()), prefix, options);
  }

  private String full(String key) {
    return prefix + ObjectKeys.check(key);
  }

  @Override
  public Stored put(String key, Content content) {
    return uploads
        .store(full(key), content, Condition.NONE)
        .orElseThrow(() -> new IllegalStateException("A write without condition was refused"));
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return uploads.store(full(key), content, Condition.absent()).isPresent();
  }

  @Override
  public List<Boolean> putAllIfAbsent(Map<String, byte[]> contents) {
    contents.keySet().forEach(ObjectKeys::check);
    return parallel.map(
        List.copyOf(contents.entrySet()),
        entry -> putIfAbsent(entry.getKey(), Content.of(entry.getValue())));
  }

  @Override
  public boolean putIfMatch(String key, Content content, String etag) {
    return uploads.store(full(key), content, Condition.match(etag)).isPresent();
  }

  @Override
  public Optional<InputStream> get(String key) {
    return open(full(key), 0, -1);
  }

  @Override
  public Optional<InputStream> get(String key, long offset, long length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "offset and length must not be negative, but were " + offset + " and " + length);
    }
    String full = full(key);
    if (length == 0) {
      return calls.head(full).map(head -> InputStream.nullInputStream());
    }
    boolean toTheEnd = length > Long.MAX_VALUE - offset;
    return open(full, offset, toTheEnd ? -1 : offset + length - 1);
  }

  private Optional<InputStream> open(String full, long first, long last) {
    try {
      Optional<Fetched> fetched = calls.get(full, first, last, null);
      return fetched.map(body -> new ResumingStream(calls, full, first, body));
    } catch (S3Calls.ChangedException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<byte[]> read(String key) {
    return calls.read(full(key));
  }

  @Override
  public List<Optional<byte[]>> readEach(List<String> keys) {
    return parallel.map(keys, this::read);
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return calls.head(full(key)).map(Head::info).map(this::shortened);
  }

  private ObjectInfo shortened(ObjectInfo object) {
    return new ObjectInfo(
        object.key().substring(prefix.length()), object.size(), object.etag(), object.modified());
  }

  @Override
  public List<ObjectInfo> list(String start, String startAfter, int limit) {
    if (limit < 1 || limit > PAGE) {
      throw new IllegalArgumentException("limit must be from 1 to 1,000, but was " + limit);
    }
    List<ObjectInfo> objects = new ArrayList<>();
    if (!S3Keys.startsKeys(start)) {
      return objects;
    }
    String after = startAfter.isEmpty() ? "" : prefix + startAfter;
    boolean more = true;
    while (more && objects.size() < limit) {
      // A service may return less than it was asked for.
      Page page = calls.list(prefix + start, after, limit - objects.size());
      page.objects().forEach(object -> objects.add(shortened(object)));
      more = page.more() && !page.objects().isEmpty();
      after = more ? page.objects().get(page.objects().size() - 1).key() : after;
    }
    return objects;
  }

  @Override
  public void readAll(String start, BiConsumer<String, byte[]> sink) {
    String after = "";
    List<ObjectInfo> page;
    do {
      page = list(start, after, PAGE);
      List<String> keys = page.stream().map(ObjectInfo::key).toList();
      List<Optional<byte[]>> contents = parallel.map(keys, this::read);
      for (int i = 0; i < keys.size(); i++) {
        String key = keys.get(i);
        contents.get(i).ifPresent(bytes -> sink.accept(key, bytes));
        after = key;
      }
    } while (page.size() == PAGE);
  }

  @Override
  public void delete(String key) {
    calls.delete(full(key));
  }

  @Override
  public Optional<URI> presign(String key, Duration validity) {
    return Optional.of(calls.presignGet(full(key), validity));
  }

  @Override
  public Optional<UploadLink> presignUpload(String key, long size, Duration validity) {
    return Optional.of(calls.presignPut(full(key), size, validity));
  }

  @Override
  public int parallelism() {
    return options.parallelism();
  }

  /** Ends the store's threads. */
  @Override
  public void close() {
    parallel.close();
  }
}
