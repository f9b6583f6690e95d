package io.yunpipe.aws.s3;

import io.yunpipe.aws.http.AwsError;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.Call;
import io.yunpipe.aws.http.Call.Slice;
import io.yunpipe.aws.http.Reply;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.UploadLink;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;

/** S3's calls as signed requests, without a generated client. */
final class SignedS3 implements S3Calls {
  private static final Duration LONGEST_LINK = Duration.ofDays(7);
  private static final String CHECKSUM = "x-amz-checksum-sha256";
  private static final Set<String> NO_OBJECT = Set.of("NoSuchKey", "404", "NoSuchVersion");

  private final AwsHttp http;
  private final URI endpoint;
  private final String root;
  private final String bucket;
  private final boolean checksums;
  private final S3Errors errors;

  SignedS3(AwsHttp http, S3Place place, boolean checksums) {
    this.http = http;
    this.bucket = place.bucket();
    this.checksums = checksums;
    this.errors = new S3Errors(bucket);
    boolean pathStyle = place.pathStyle() || bucket.indexOf('.') >= 0;
    this.endpoint = pathStyle ? place.endpoint() : hosted(place.endpoint(), bucket);
    String path = Optional.ofNullable(place.endpoint().getRawPath()).orElse("");
    path = path.endsWith("/") ? path : path + "/";
    this.root = pathStyle ? path + S3Keys.encoded(bucket) + "/" : path;
  }

  private static URI hosted(URI endpoint, String bucket) {
    int port = endpoint.getPort();
    return URI.create(
        endpoint.getScheme()
            + "://"
            + bucket
            + "."
            + endpoint.getHost()
            + (port < 0 ? "" : ":" + port));
  }

  @Override
  public String bucket() {
    return bucket;
  }

  @Override
  public boolean checksums() {
    return checksums;
  }

  private Call call(SdkHttpMethod method, String key) {
    return call(method, key, Map.of(), Map.of(), Slice.EMPTY);
  }

  private Call call(
      SdkHttpMethod method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      Slice body) {
    return new Call("s3", method, endpoint, root + S3Keys.encoded(key), query, headers, body);
  }

  /** Reads a reply that is not an error. */
  private interface Success<T> {
    T read(Reply reply) throws IOException;
  }

  /** Reads a reply that is an error; returns null if it is not one of the expected. */
  private interface Refusal<T> {
    @Nullable T read(AwsError error, Reply reply);
  }

  private <T> T send(S3Action action, String key, Call call, Success<T> success) {
    return send(action, key, call, success, (error, reply) -> null);
  }

  private <T> T send(
      S3Action action, String key, Call call, Success<T> success, Refusal<T> refusal) {
    return http.send(
        call,
        reply -> {
          Optional<AwsError> error = reply.error();
          if (error.isEmpty()) {
            return success.read(reply);
          }
          @Nullable T expected = refusal.read(error.get(), reply);
          if (expected != null) {
            return expected;
          }
          throw errors.failed(
              action, key, error.get(), reply.header("x-amz-bucket-region").orElse(""), null);
        });
  }

  @Override
  public Written put(String key, Slice body, byte[] sha256, Condition condition) {
    Map<String, String> headers = condition.headers();
    if (!condition.id().isEmpty()) {
      headers.put(Condition.HEADER, condition.id());
    }
    if (checksums) {
      headers.put(CHECKSUM, Base64.getEncoder().encodeToString(sha256));
    }
    return send(
        S3Action.STORE,
        key,
        call(SdkHttpMethod.PUT, key, Map.of(), headers, body),
        reply -> new Written(Outcome.DONE, reply.uncertain()),
        (error, reply) -> refused(error, reply, condition));
  }

  private static @Nullable Written refused(AwsError error, Reply reply, Condition condition) {
    if (!condition.any()) {
      return null;
    }
    // A condition on the tag of an object that is gone is answered with 404.
    boolean gone = condition.ifMatch() != null && error.code().equals("NoSuchKey");
    if (error.status() == 412 || gone) {
      return new Written(Outcome.REFUSED, reply.uncertain());
    }
    return error.status() == 409 && error.code().equals("ConditionalRequestConflict")
        ? new Written(Outcome.AGAIN, reply.uncertain())
        : null;
  }

  @Override
  public Optional<byte[]> read(String key) {
    return send(
        S3Action.READ,
        key,
        call(SdkHttpMethod.GET, key),
        reply -> Optional.of(Bodies.whole(reply.body(), length(reply))),
        (error, reply) -> absent(error) ? Optional.empty() : null);
  }

  private static boolean absent(AwsError error) {
    return error.status() == 404 && NO_OBJECT.contains(error.code());
  }

  private static long length(Reply reply) {
    return reply.header("Content-Length").map(Long::parseLong).orElse(-1L);
  }

  private static String etag(Reply reply) {
    return S3Xml.unquoted(reply.header("ETag").orElse(""));
  }

  @Override
  public Optional<Fetched> get(String key, long first, long last, @Nullable String etag)
      throws ChangedException {
    Map<String, String> headers = new LinkedHashMap<>();
    if (first > 0 || last >= 0) {
      headers.put("Range", "bytes=" + first + "-" + (last < 0 ? "" : Long.toString(last)));
    }
    if (etag != null) {
      headers.put("If-Match", "\"" + etag + "\"");
    }
    Reply reply = http.send(call(SdkHttpMethod.GET, key, Map.of(), headers, Slice.EMPTY));
    Optional<AwsError> error = reply.error();
    if (error.isEmpty()) {
      return Optional.of(
          new Fetched(new Bodies.Closing(reply.body(), reply), length(reply), etag(reply)));
    }
    if (absent(error.get())) {
      return Optional.empty();
    }
    if (error.get().status() == 416) {
      return Optional.of(new Fetched(InputStream.nullInputStream(), 0, ""));
    }
    if (error.get().status() == 412) {
      throw new ChangedException("s3://" + bucket + "/" + key + " was replaced while it was read");
    }
    throw errors.failed(
        S3Action.READ, key, error.get(), reply.header("x-amz-bucket-region").orElse(""), null);
  }

  @Override
  public Optional<Head> head(String key) {
    return send(
        S3Action.LOOK,
        key,
        call(SdkHttpMethod.HEAD, key),
        reply ->
            Optional.of(
                new Head(
                    new ObjectInfo(key, length(reply), etag(reply), modified(reply)),
                    reply.header(Condition.HEADER).orElse(""))),
        (error, reply) -> error.status() == 404 ? Optional.empty() : null);
  }

  private static Instant modified(Reply reply) {
    return reply
        .header("Last-Modified")
        .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
        .orElse(Instant.EPOCH);
  }

  @Override
  public Page list(String prefix, String after, int limit) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("list-type", "2");
    query.put("encoding-type", "url");
    query.put("max-keys", Integer.toString(limit));
    query.put("prefix", prefix);
    if (!after.isEmpty()) {
      query.put("start-after", after);
    }
    return send(
        S3Action.LIST,
        prefix,
        call(SdkHttpMethod.GET, "", query, Map.of(), Slice.EMPTY),
        reply -> {
          S3Xml.Document listing = S3Xml.read(reply.body(), "Contents");
          return new Page(S3Xml.objects(listing), listing.flag("IsTruncated"));
        });
  }

  @Override
  public void delete(String key) {
    send(
        S3Action.DELETE,
        key,
        call(SdkHttpMethod.DELETE, key),
        reply -> true,
        (error, reply) -> absent(error) ? true : null);
  }

  @Override
  public void deleteAll(List<String> keys) {
    byte[] body = S3Xml.deletion(keys);
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "application/xml",
            // Wanted by all; S3 itself would take a newer checksum instead.
            "Content-MD5",
            Base64.getEncoder().encodeToString(Digests.md5(body)));
    String first = keys.get(0);
    send(
        S3Action.DELETE,
        first,
        call(SdkHttpMethod.POST, "", Map.of("delete", ""), headers, Slice.of(body)),
        reply -> {
          S3Xml.Document answer = S3Xml.read(reply.body(), "Error");
          for (Map<String, String> item : answer.items()) {
            throw errors.failed(
                S3Action.DELETE,
                item.getOrDefault("Key", first),
                inner(item, 200, reply),
                "",
                null);
          }
          return true;
        });
  }

  private static AwsError inner(Map<String, String> item, int status, Reply reply) {
    return new AwsError(
        status,
        item.getOrDefault("Code", "Error"),
        item.getOrDefault("Message", ""),
        reply.header("x-amz-request-id").orElse(""));
  }

  @Override
  public String createUpload(String key, String writeId) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(Condition.HEADER, writeId);
    if (checksums) {
      headers.put("x-amz-checksum-algorithm", "SHA256");
    }
    return send(
        S3Action.BEGIN_UPLOAD,
        key,
        call(SdkHttpMethod.POST, key, Map.of("uploads", ""), headers, Slice.EMPTY),
        reply -> {
          String id = S3Xml.read(reply.body(), "").value("UploadId").trim();
          if (id.isEmpty()) {
            throw new IOException("The answer names no upload");
          }
          return id;
        });
  }

  @Override
  public Part uploadPart(String key, String upload, int number, Slice body) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("partNumber", Integer.toString(number));
    query.put("uploadId", upload);
    String sha256 = checksums ? Base64.getEncoder().encodeToString(Digests.sha256(body)) : "";
    return send(
        S3Action.STORE_PART,
        key,
        call(SdkHttpMethod.PUT, key, query, checksums ? Map.of(CHECKSUM, sha256) : Map.of(), body),
        reply -> new Part(number, body.length(), etag(reply), sha256));
  }

  @Override
  public List<Part> parts(String key, String upload) {
    List<Part> parts = new ArrayList<>();
    boolean more = true;
    while (more) {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("uploadId", upload);
      if (!parts.isEmpty()) {
        query.put("part-number-marker", Integer.toString(parts.get(parts.size() - 1).number()));
      }
      int before = parts.size();
      more =
          send(
              S3Action.LIST_PARTS,
              key,
              call(SdkHttpMethod.GET, key, query, Map.of(), Slice.EMPTY),
              reply -> {
                S3Xml.Document listing = S3Xml.read(reply.body(), "Part");
                listing.items().forEach(item -> parts.add(part(item)));
                return listing.flag("IsTruncated");
              },
              (error, reply) -> error.status() == 404 ? false : null);
      more &= parts.size() > before;
    }
    return parts;
  }

  private static Part part(Map<String, String> item) {
    return new Part(
        Integer.parseInt(item.getOrDefault("PartNumber", "0").trim()),
        Long.parseLong(item.getOrDefault("Size", "-1").trim()),
        S3Xml.unquoted(item.getOrDefault("ETag", "")),
        item.getOrDefault("ChecksumSHA256", "").trim());
  }

  @Override
  public List<Upload> uploads(String key) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("uploads", "");
    query.put("prefix", key);
    query.put("encoding-type", "url");
    return send(
        S3Action.LIST_UPLOADS,
        key,
        call(SdkHttpMethod.GET, "", query, Map.of(), Slice.EMPTY),
        reply -> {
          S3Xml.Document listing = S3Xml.read(reply.body(), "Upload");
          boolean encoded = listing.value("EncodingType").equals("url");
          List<Upload> uploads = new ArrayList<>();
          for (Map<String, String> item : listing.items()) {
            uploads.add(
                new Upload(
                    S3Xml.key(item, encoded),
                    item.getOrDefault("UploadId", "").trim(),
                    S3Xml.instant(item.getOrDefault("Initiated", ""))));
          }
          uploads.removeIf(upload -> !upload.key().equals(key));
          return uploads;
        });
  }

  @Override
  public Written complete(String key, String upload, List<Part> parts, Condition condition) {
    Map<String, String> headers = condition.headers();
    headers.put("Content-Type", "application/xml");
    return send(
        S3Action.FINISH_UPLOAD,
        key,
        call(
            SdkHttpMethod.POST,
            key,
            Map.of("uploadId", upload),
            headers,
            Slice.of(S3Xml.completion(parts))),
        reply -> {
          // The status was sent before S3 knew how it ends: an error may follow it.
          S3Xml.Document answer = S3Xml.read(reply.body(), "");
          if (!answer.root().equals("Error")) {
            return new Written(Outcome.DONE, reply.uncertain());
          }
          AwsError error = inner(answer.values(), 200, reply);
          if (error.passing()) {
            throw new IOException(error.toString());
          }
          @Nullable Written known = unfinished(error, reply, condition);
          if (known != null) {
            return known;
          }
          throw errors.failed(S3Action.FINISH_UPLOAD, key, error, "", null);
        },
        (error, reply) -> unfinished(error, reply, condition));
  }

  private static @Nullable Written unfinished(AwsError error, Reply reply, Condition condition) {
    return switch (error.code()) {
      case "PreconditionFailed" -> new Written(Outcome.REFUSED, reply.uncertain());
      case "NoSuchUpload", "InvalidPart", "ConditionalRequestConflict" ->
          new Written(Outcome.AGAIN, true);
      default -> refused(error, reply, condition);
    };
  }

  @Override
  public void abort(String key, String upload) {
    send(
        S3Action.ABORT_UPLOAD,
        key,
        call(SdkHttpMethod.DELETE, key, Map.of("uploadId", upload), Map.of(), Slice.EMPTY),
        reply -> true,
        (error, reply) -> error.status() == 404 ? true : null);
  }

  @Override
  public URI presignGet(String key, Duration validity) {
    return http.presign(call(SdkHttpMethod.GET, key), shortened(validity));
  }

  @Override
  public UploadLink presignPut(String key, long size, Duration validity) {
    Map<String, String> headers =
        Map.of("Content-Length", Long.toString(size), "If-None-Match", "*");
    URI link =
        http.presign(
            call(SdkHttpMethod.PUT, key, Map.of(), headers, Slice.EMPTY), shortened(validity));
    return new UploadLink(link, headers);
  }

  /** Signatures are good for a week at most. */
  static Duration shortened(Duration validity) {
    return validity.compareTo(LONGEST_LINK) > 0 ? LONGEST_LINK : validity;
  }
}
