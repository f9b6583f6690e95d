package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsError;
import io.yunpipe.aws.http.Call.Slice;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.UploadLink;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.S3ServiceClientConfiguration;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/**
 * S3's calls through a client that the host program made. Checksums are stated per request, since
 * the client's own would be sent in a way that not every service takes.
 */
final class SdkS3 implements S3Calls {
  private static final int TRIES = 4;

  private final S3Client client;
  private final String bucket;
  private final boolean checksums;
  private final S3Errors errors;

  SdkS3(S3Client client, String bucket, boolean checksums) {
    this.client = client;
    this.bucket = bucket;
    this.checksums = checksums;
    this.errors = new S3Errors(bucket);
  }

  @Override
  public String bucket() {
    return bucket;
  }

  @Override
  public boolean checksums() {
    return checksums;
  }

  /** Returns the result of an expected refusal, or null. */
  private interface Refusal<T> {
    @Nullable T of(AwsError error);
  }

  private <T> T send(S3Action action, String key, Supplier<T> call) {
    return send(action, key, call, error -> null);
  }

  private <T> T send(S3Action action, String key, Supplier<T> call, Refusal<T> refusal) {
    for (int i = 1; ; i++) {
      try {
        return call.get();
      } catch (S3Exception e) {
        AwsError error = error(e);
        @Nullable T expected = refusal.of(error);
        if (expected != null) {
          return expected;
        }
        throw errors.failed(action, key, error, region(e), e);
      } catch (SdkException e) {
        throw unreached(action, key, e);
      } catch (UncheckedIOException e) {
        // From the client over HttpURLConnection, of connections that the server has closed.
        if (i == TRIES) {
          throw unreached(action, key, e);
        }
      }
    }
  }

  private BackendException unreached(S3Action action, String key, RuntimeException e) {
    return new BackendException(
        "Could not "
            + action.words()
            + " s3://"
            + bucket
            + "/"
            + key
            + ": "
            + e.getMessage()
            + ". Check the client's endpoint, region and credentials and this machine's network.",
        true,
        e);
  }

  private static AwsError error(S3Exception e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    String message = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
    return new AwsError(
        e.statusCode(),
        code == null || code.isEmpty() ? Integer.toString(e.statusCode()) : code,
        message == null ? "" : message,
        e.requestId() == null ? "" : e.requestId());
  }

  private static String region(S3Exception e) {
    return e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
        ? ""
        : e.awsErrorDetails()
            .sdkHttpResponse()
            .firstMatchingHeader("x-amz-bucket-region")
            .orElse("");
  }

  private static boolean absent(AwsError error) {
    return error.status() == 404
        && (error.code().equals("NoSuchKey") || error.code().equals("404"));
  }

  private static Map<String, String> mark(String writeId) {
    return writeId.isEmpty() ? Map.of() : Map.of(Condition.NAME, writeId);
  }

  private static RequestBody body(Slice body) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(body.bytes(), body.offset(), body.length()),
        body.length(),
        "application/octet-stream");
  }

  @Override
  public Written put(String key, Slice body, byte[] sha256, Condition condition) {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .ifNoneMatch(condition.ifNoneMatch())
            .ifMatch(condition.ifMatch())
            .metadata(mark(condition.id()))
            .checksumSHA256(Base64.getEncoder().encodeToString(sha256))
            .build();
    return send(
        S3Action.STORE,
        key,
        () -> {
          client.putObject(request, body(body));
          return new Written(Outcome.DONE, true);
        },
        error -> refused(error, condition));
  }

  /** What the client tried before is not known, so every refusal may be of its own doing. */
  private static @Nullable Written refused(AwsError error, Condition condition) {
    if (!condition.any()) {
      return null;
    }
    boolean gone = condition.ifMatch() != null && error.code().equals("NoSuchKey");
    if (error.status() == 412 || gone) {
      return new Written(Outcome.REFUSED, true);
    }
    return error.code().equals("ConditionalRequestConflict")
        ? new Written(Outcome.AGAIN, true)
        : null;
  }

  @Override
  public Optional<byte[]> read(String key) {
    return send(
        S3Action.READ,
        key,
        () ->
            Optional.of(
                client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArrayUnsafe()),
        error -> absent(error) ? Optional.empty() : null);
  }

  @Override
  public Optional<Fetched> get(String key, long first, long last, @Nullable String etag)
      throws ChangedException {
    GetObjectRequest.Builder request = GetObjectRequest.builder().bucket(bucket).key(key);
    if (first > 0 || last >= 0) {
      request.range("bytes=" + first + "-" + (last < 0 ? "" : Long.toString(last)));
    }
    if (etag != null) {
      request.ifMatch("\"" + etag + "\"");
    }
    boolean[] changed = new boolean[1];
    Optional<Fetched> fetched =
        send(
            S3Action.READ,
            key,
            () -> Optional.of(fetched(client.getObject(request.build()))),
            error -> {
              if (error.status() == 416) {
                return Optional.of(new Fetched(InputStream.nullInputStream(), 0, ""));
              }
              changed[0] = error.status() == 412;
              return absent(error) || changed[0] ? Optional.empty() : null;
            });
    if (changed[0]) {
      throw new ChangedException("s3://" + bucket + "/" + key + " was replaced while it was read");
    }
    return fetched;
  }

  private static Fetched fetched(ResponseInputStream<GetObjectResponse> in) {
    Long length = in.response().contentLength();
    return new Fetched(
        new Bodies.Closing(in, in::abort),
        length == null ? -1 : length,
        S3Xml.unquoted(in.response().eTag()));
  }

  @Override
  public Optional<Head> head(String key) {
    return send(
        S3Action.LOOK,
        key,
        () -> {
          HeadObjectResponse head = client.headObject(request -> request.bucket(bucket).key(key));
          return Optional.of(
              new Head(
                  new ObjectInfo(
                      key,
                      head.contentLength(),
                      S3Xml.unquoted(head.eTag()),
                      time(head.lastModified())),
                  head.metadata().getOrDefault(Condition.NAME, "")));
        },
        error -> error.status() == 404 ? Optional.empty() : null);
  }

  private static Instant time(@Nullable Instant time) {
    return time == null ? Instant.EPOCH : time;
  }

  @Override
  public Page list(String prefix, String after, int limit) {
    return send(
        S3Action.LIST,
        prefix,
        () -> {
          ListObjectsV2Response listing =
              client.listObjectsV2(
                  request ->
                      request
                          .bucket(bucket)
                          .prefix(prefix)
                          .startAfter(after.isEmpty() ? null : after)
                          .maxKeys(limit)
                          .encodingType(EncodingType.URL));
          List<ObjectInfo> objects = new ArrayList<>();
          listing
              .contents()
              .forEach(
                  object ->
                      objects.add(
                          new ObjectInfo(
                              object.key(),
                              object.size(),
                              S3Xml.unquoted(object.eTag()),
                              time(object.lastModified()))));
          return new Page(objects, Boolean.TRUE.equals(listing.isTruncated()));
        });
  }

  @Override
  public void delete(String key) {
    send(
        S3Action.DELETE,
        key,
        () -> client.deleteObject(request -> request.bucket(bucket).key(key)));
  }

  @Override
  public void deleteAll(List<String> keys) {
    List<ObjectIdentifier> objects =
        keys.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    DeleteObjectsResponse answer =
        send(
            S3Action.DELETE,
            keys.get(0),
            () ->
                client.deleteObjects(
                    request ->
                        request.bucket(bucket).delete(list -> list.objects(objects).quiet(true))));
    for (S3Error each : answer.errors()) {
      AwsError error =
          new AwsError(200, each.code(), each.message() == null ? "" : each.message(), "");
      throw errors.failed(S3Action.DELETE, each.key(), error, "", null);
    }
  }

  @Override
  public String createUpload(String key, String writeId) {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder().bucket(bucket).key(key).metadata(mark(writeId));
    if (checksums) {
      request.checksumAlgorithm(ChecksumAlgorithm.SHA256);
    }
    return send(
        S3Action.BEGIN_UPLOAD, key, () -> client.createMultipartUpload(request.build()).uploadId());
  }

  @Override
  public Part uploadPart(String key, String upload, int number, Slice body) {
    String sha256 = checksums ? Base64.getEncoder().encodeToString(Digests.sha256(body)) : "";
    UploadPartRequest.Builder request =
        UploadPartRequest.builder()
            .bucket(bucket)
            .key(key)
            .uploadId(upload)
            .partNumber(number)
            .contentLength((long) body.length());
    if (checksums) {
      request.checksumSHA256(sha256);
    }
    return send(
        S3Action.STORE_PART,
        key,
        () ->
            new Part(
                number,
                body.length(),
                S3Xml.unquoted(client.uploadPart(request.build(), body(body)).eTag()),
                sha256));
  }

  @Override
  public List<Part> parts(String key, String upload) {
    return send(
        S3Action.LIST_PARTS,
        key,
        () ->
            client
                .listPartsPaginator(request -> request.bucket(bucket).key(key).uploadId(upload))
                .parts()
                .stream()
                .map(
                    part ->
                        new Part(
                            part.partNumber(),
                            part.size(),
                            S3Xml.unquoted(part.eTag()),
                            part.checksumSHA256() == null ? "" : part.checksumSHA256()))
                .toList(),
        error -> error.status() == 404 ? List.of() : null);
  }

  @Override
  public List<Upload> uploads(String key) {
    return send(
        S3Action.LIST_UPLOADS,
        key,
        () ->
            client
                .listMultipartUploads(request -> request.bucket(bucket).prefix(key))
                .uploads()
                .stream()
                .filter(upload -> upload.key().equals(key))
                .map(upload -> new Upload(key, upload.uploadId(), time(upload.initiated())))
                .toList());
  }

  @Override
  public Written complete(String key, String upload, List<Part> parts, Condition condition) {
    List<CompletedPart> completed = new ArrayList<>();
    for (Part part : parts) {
      completed.add(
          CompletedPart.builder()
              .partNumber(part.number())
              .eTag("\"" + part.etag() + "\"")
              .checksumSHA256(part.sha256().isEmpty() ? null : part.sha256())
              .build());
    }
    return send(
        S3Action.FINISH_UPLOAD,
        key,
        () -> {
          client.completeMultipartUpload(
              request ->
                  request
                      .bucket(bucket)
                      .key(key)
                      .uploadId(upload)
                      .ifNoneMatch(condition.ifNoneMatch())
                      .ifMatch(condition.ifMatch())
                      .multipartUpload(list -> list.parts(completed)));
          return new Written(Outcome.DONE, true);
        },
        error ->
            switch (error.code()) {
              case "NoSuchUpload", "InvalidPart", "ConditionalRequestConflict" ->
                  new Written(Outcome.AGAIN, true);
              default -> refused(error, condition);
            });
  }

  @Override
  public void abort(String key, String upload) {
    send(
        S3Action.ABORT_UPLOAD,
        key,
        () -> {
          client.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(upload));
          return true;
        },
        error -> error.status() == 404 ? true : null);
  }

  @Override
  public URI presignGet(String key, Duration validity) {
    return linked(
        key,
        presigner ->
            URI.create(
                presigner
                    .presignGetObject(
                        link ->
                            link.signatureDuration(SignedS3.shortened(validity))
                                .getObjectRequest(get -> get.bucket(bucket).key(key)))
                    .url()
                    .toString()));
  }

  @Override
  public UploadLink presignPut(String key, long size, Duration validity) {
    return linked(
        key,
        presigner -> {
          PresignedPutObjectRequest link =
              presigner.presignPutObject(
                  put ->
                      put.signatureDuration(SignedS3.shortened(validity))
                          .putObjectRequest(
                              request ->
                                  request
                                      .bucket(bucket)
                                      .key(key)
                                      .contentLength(size)
                                      .ifNoneMatch("*")));
          return new UploadLink(
              URI.create(link.url().toString()),
              Map.of("Content-Length", Long.toString(size), "If-None-Match", "*"));
        });
  }

  private interface Linker<T> {
    T link(S3Presigner presigner);
  }

  private <T> T linked(String key, Linker<T> linker) {
    return send(
        S3Action.LINK,
        key,
        () -> {
          try (S3Presigner presigner = presigner()) {
            return linker.link(presigner);
          }
        });
  }

  /** A client does not tell whether it uses path style; services other than AWS's want it. */
  private S3Presigner presigner() {
    S3ServiceClientConfiguration settings = client.serviceClientConfiguration();
    boolean pathStyle = settings.endpointOverride().isPresent();
    return S3Presigner.builder()
        .region(settings.region())
        .credentialsProvider(settings.credentialsProvider())
        .endpointOverride(settings.endpointOverride().orElse(null))
        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(pathStyle).build())
        .build();
  }
}
