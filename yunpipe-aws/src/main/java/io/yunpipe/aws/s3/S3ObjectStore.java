package io.yunpipe.aws.s3;

import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.s3.MarkerPack.Value;
import io.yunpipe.aws.s3.S3Calls.Fetched;
import io.yunpipe.aws.s3.S3Calls.Head;
import io.yunpipe.aws.s3.S3Calls.Page;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectKeys;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import io.yunpipe.spi.UploadLink;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Objects in a bucket, below a prefix. Needs a service with conditional writes and strong
 * consistency, as S3 has. An object's tag changes with its bytes only. Thread-safe.
 *
 * <p>Commit markers ({@code runs/…/done/<stage>/<shard>/<job>}) of a shard share objects, so that
 * many cost few requests. They are written once, by {@link #putIfAbsent} and {@link
 * #putAllIfAbsent}, and neither replaced nor deleted; those calls throw {@link
 * UnsupportedOperationException}. They are seen by their keys and by prefixes that reach into their
 * shard; broader prefixes show the objects that hold them, and deleting these removes them.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final int PAGE = 1000;

  private final S3Calls calls;
  private final String prefix;
  private final S3Options options;
  private final Parallel parallel;
  private final Uploads uploads;
  private final MarkerLog markers;

  S3ObjectStore(S3Calls calls, String prefix, S3Options options) {
    this.calls = calls;
    this.prefix = S3Keys.folder(prefix);
    this.options = options;
    this.parallel = new Parallel(options.parallelism());
    Clock clock = Clock.systemUTC();
    this.uploads = new Uploads(calls, options, parallel.threads(), clock);
    this.markers =
        new MarkerLog(
            calls, this.prefix, parallel, clock, Pauses.jittered(), options.markerBytes());
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

  private static @Nullable MarkerKey marker(String key) {
    return MarkerKey.of(ObjectKeys.check(key));
  }

  private static void refuseMarker(String key) {
    if (marker(key) != null) {
      throw new UnsupportedOperationException(
          "Commit markers are written once and stay: "
              + key
              + " can be neither replaced nor deleted");
    }
  }

  @Override
  public Stored put(String key, Content content) {
    refuseMarker(key);
    return uploads
        .store(full(key), content, Condition.NONE)
        .orElseThrow(() -> new IllegalStateException("A write without condition was refused"));
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    if (marker(key) != null) {
      return putAllIfAbsent(Map.of(key, uploads.read(key, content))).get(0);
    }
    return uploads.store(full(key), content, Condition.absent()).isPresent();
  }

  @Override
  public List<Boolean> putAllIfAbsent(Map<String, byte[]> contents) {
    Map<MarkerKey, byte[]> marked = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    contents.forEach(
        (key, bytes) -> {
          MarkerKey marker = marker(key);
          if (marker == null) {
            others.add(key);
          } else {
            marked.put(marker, bytes);
          }
        });
    Map<MarkerKey, Boolean> created = markers.commit(marked);
    Iterator<Boolean> rest =
        parallel
            .map(
                others,
                key -> putIfAbsent(key, Content.of(Objects.requireNonNull(contents.get(key)))))
            .iterator();
    List<Boolean> results = new ArrayList<>(contents.size());
    for (String key : contents.keySet()) {
      MarkerKey marker = marker(key);
      results.add(marker == null ? rest.next() : created.get(marker));
    }
    return results;
  }

  @Override
  public boolean putIfMatch(String key, Content content, String etag) {
    refuseMarker(key);
    return uploads.store(full(key), content, Condition.match(etag)).isPresent();
  }

  @Override
  public Optional<InputStream> get(String key) {
    MarkerKey marker = marker(key);
    if (marker != null) {
      return markers.read(marker).map(value -> new ByteArrayInputStream(value.bytes()));
    }
    return open(full(key), 0, -1);
  }

  @Override
  public Optional<InputStream> get(String key, long offset, long length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "offset and length must not be negative, but were " + offset + " and " + length);
    }
    MarkerKey marker = marker(key);
    if (marker != null) {
      return markers.read(marker).map(value -> part(value.bytes(), offset, length));
    }
    String full = full(key);
    if (length == 0) {
      return calls.head(full).map(head -> InputStream.nullInputStream());
    }
    boolean toTheEnd = length > Long.MAX_VALUE - offset;
    return open(full, offset, toTheEnd ? -1 : offset + length - 1);
  }

  private static InputStream part(byte[] bytes, long offset, long length) {
    int start = (int) Math.min(offset, bytes.length);
    return new ByteArrayInputStream(bytes, start, (int) Math.min(length, bytes.length - start));
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
    MarkerKey marker = marker(key);
    return marker == null
        ? calls.read(full(key))
        : markers.read(marker).map(value -> value.bytes().clone());
  }

  @Override
  public List<Optional<byte[]>> readEach(List<String> keys) {
    Set<MarkerKey> marked = new LinkedHashSet<>();
    List<String> others = new ArrayList<>();
    for (String key : keys) {
      MarkerKey marker = marker(key);
      if (marker == null) {
        others.add(key);
      } else {
        marked.add(marker);
      }
    }
    Map<MarkerKey, Value> found = markers.read(marked);
    Iterator<Optional<byte[]>> rest = parallel.map(others, this::read).iterator();
    List<Optional<byte[]>> results = new ArrayList<>(keys.size());
    for (String key : keys) {
      MarkerKey marker = marker(key);
      results.add(
          marker == null
              ? rest.next()
              : Optional.ofNullable(found.get(marker)).map(value -> value.bytes().clone()));
    }
    return results;
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    MarkerKey marker = marker(key);
    return marker == null
        ? calls.head(full(key)).map(Head::info).map(this::shortened)
        : markers.read(marker).map(value -> MarkerLog.described(key, value));
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
    MarkerKey marker = MarkerKey.of(start);
    if (marker != null) {
      return MarkerLog.described(markers.range(marker, startAfter, limit));
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
    MarkerKey marker = MarkerKey.of(start);
    if (marker != null) {
      markers
          .range(marker, "", Integer.MAX_VALUE)
          .forEach((key, value) -> sink.accept(key, value.bytes().clone()));
      return;
    }
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
  public long count(String start) {
    MarkerKey marker = MarkerKey.of(start);
    return marker == null
        ? ObjectStore.super.count(start)
        : markers.range(marker, "", Integer.MAX_VALUE).size();
  }

  @Override
  public void delete(String key) {
    refuseMarker(key);
    calls.delete(full(key));
    forgetShard(key);
  }

  private void forgetShard(String key) {
    String shard = MarkerKey.shardOfSlot(key);
    if (shard != null) {
      markers.forget(shard);
    }
  }

  @Override
  public void deleteAll(List<String> keys) {
    keys.forEach(S3ObjectStore::refuseMarker);
    for (int i = 0; i < keys.size(); i += PAGE) {
      calls.deleteAll(
          keys.subList(i, Math.min(keys.size(), i + PAGE)).stream().map(this::full).toList());
    }
    keys.forEach(this::forgetShard);
  }

  @Override
  public Optional<URI> presign(String key, Duration validity) {
    if (marker(key) != null) {
      return Optional.empty();
    }
    return Optional.of(calls.presignGet(full(key), validity));
  }

  @Override
  public Optional<UploadLink> presignUpload(String key, long size, Duration validity) {
    if (marker(key) != null) {
      return Optional.empty();
    }
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
