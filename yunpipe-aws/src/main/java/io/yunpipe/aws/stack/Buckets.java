package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsError;
import io.yunpipe.aws.http.AwsFailure;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.aws.http.Call;
import io.yunpipe.aws.http.Reply;
import io.yunpipe.aws.http.XmlNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.http.SdkHttpMethod;

/** What concerns buckets as such; their objects are the store's affair. */
final class Buckets {
  private final AwsHttp http;
  private final URI endpoint;
  private final boolean pathStyle;

  Buckets(AwsHttp http, URI endpoint, boolean pathStyle) {
    this.http = http;
    this.endpoint = endpoint;
    this.pathStyle = pathStyle;
  }

  /** A version of an object, or a mark that it is deleted. */
  record Version(String key, String id) {}

  /** An upload that was begun. */
  record Upload(String key, String id) {}

  private Call call(
      SdkHttpMethod method, String bucket, String key, Map<String, String> query, String body) {
    boolean inPath = pathStyle || bucket.indexOf('.') >= 0;
    String host = inPath ? endpoint.getAuthority() : bucket + "." + endpoint.getAuthority();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = new LinkedHashMap<>();
    if (bytes.length > 0) {
      headers.put("Content-Type", "application/xml");
      headers.put("x-amz-checksum-sha256", sha256(bytes));
    }
    return new Call(
        "s3",
        method,
        URI.create(endpoint.getScheme() + "://" + host),
        (inPath ? "/" + bucket : "") + "/" + encoded(key),
        query,
        headers,
        Call.Slice.of(bytes));
  }

  private static String sha256(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String key) {
    return java.net.URLEncoder.encode(key, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~")
        .replace("%2F", "/");
  }

  private <T> T send(String permission, Call call, String bucket, AwsHttp.Reader<T> reader) {
    return http.send(
        call,
        reply -> {
          if (reply.error().isPresent()) {
            throw refused(permission, bucket, reply.error().get());
          }
          return reader.read(reply);
        });
  }

  private static RuntimeException refused(String permission, String bucket, AwsError error) {
    return AwsFailure.of(
        new AwsFailure.Attempt("s3:" + permission, "bucket " + bucket),
        error,
        new AwsRefusal(error));
  }

  private static XmlNode xml(Reply reply) throws IOException {
    return XmlNode.read(reply.body());
  }

  /** Returns whether there is a bucket of a name that we may look into. */
  boolean exists(String bucket) {
    return http.send(
        call(SdkHttpMethod.HEAD, bucket, "", Map.of(), ""),
        reply -> {
          Optional<AwsError> error = reply.error();
          if (error.isEmpty()) {
            return true;
          }
          if (reply.status() == 404) {
            return false;
          }
          // A HEAD has no body that would say more.
          AwsError told =
              reply.status() == 403
                  ? new AwsError(403, "AccessDenied", "", error.get().request())
                  : error.get();
          throw refused("ListBucket", bucket, told);
        });
  }

  /** Returns a bucket's tags. */
  Map<String, String> tags(String bucket) {
    return http.send(
        call(SdkHttpMethod.GET, bucket, "", Map.of("tagging", ""), ""),
        reply -> {
          if (reply.error().isPresent()) {
            if (reply.error().get().code().equals("NoSuchTagSet")) {
              return Map.of();
            }
            throw refused("GetBucketTagging", bucket, reply.error().get());
          }
          Map<String, String> tags = new TreeMap<>();
          for (XmlNode tag : xml(reply).all("TagSet/Tag")) {
            tags.put(tag.value("Key"), tag.value("Value"));
          }
          return tags;
        });
  }

  /** Returns what a bucket tells of its objects, and to whom. */
  XmlNode notification(String bucket) {
    return send(
        "GetBucketNotification",
        call(SdkHttpMethod.GET, bucket, "", Map.of("notification", ""), ""),
        bucket,
        Buckets::xml);
  }

  void notification(String bucket, XmlNode configuration) {
    send(
        "PutBucketNotification",
        call(SdkHttpMethod.PUT, bucket, "", Map.of("notification", ""), configuration.document()),
        bucket,
        Reply::status);
  }

  /** Returns up to 1000 versions and marks. */
  List<Version> versions(String bucket) {
    XmlNode page =
        send(
            "ListBucketVersions",
            call(SdkHttpMethod.GET, bucket, "", Map.of("versions", "", "max-keys", "1000"), ""),
            bucket,
            Buckets::xml);
    List<Version> versions = new ArrayList<>();
    for (String kind : List.of("Version", "DeleteMarker")) {
      page.all(kind)
          .forEach(one -> versions.add(new Version(one.raw("Key"), one.value("VersionId"))));
    }
    return versions;
  }

  /** Deletes up to 1000 versions; returns what was said about those that could not be. */
  List<String> delete(String bucket, List<Version> versions) {
    List<XmlNode> children = new ArrayList<>();
    children.add(XmlNode.text("Quiet", "true"));
    for (Version version : versions) {
      children.add(
          new XmlNode(
              "Object",
              "",
              List.of(
                  XmlNode.text("Key", version.key()), XmlNode.text("VersionId", version.id()))));
    }
    XmlNode answer =
        send(
            "DeleteObjectVersion",
            call(
                SdkHttpMethod.POST,
                bucket,
                "",
                Map.of("delete", ""),
                new XmlNode("Delete", "", children).document()),
            bucket,
            Buckets::xml);
    return answer.all("Error").stream()
        .map(error -> error.value("Key") + ": " + error.value("Code"))
        .toList();
  }

  /** Returns up to 1000 uploads that were begun. */
  List<Upload> uploads(String bucket) {
    return send(
            "ListBucketMultipartUploads",
            call(SdkHttpMethod.GET, bucket, "", Map.of("uploads", ""), ""),
            bucket,
            Buckets::xml)
        .all("Upload")
        .stream()
        .map(one -> new Upload(one.raw("Key"), one.value("UploadId")))
        .toList();
  }

  void abort(String bucket, Upload upload) {
    send(
        "AbortMultipartUpload",
        call(SdkHttpMethod.DELETE, bucket, upload.key(), Map.of("uploadId", upload.id()), ""),
        bucket,
        Reply::status);
  }

  /** Deletes an empty bucket; absent is success, as after an answer that was lost. */
  void delete(String bucket) {
    try {
      int unused =
          send(
              "DeleteBucket",
              call(SdkHttpMethod.DELETE, bucket, "", Map.of(), ""),
              bucket,
              Reply::status);
    } catch (BackendException e) {
      if (!AwsRefusal.is(e, "NoSuchBucket")) {
        throw e;
      }
    }
  }

  /** Returns the names of all buckets that start with a prefix. */
  List<String> names(String prefix) {
    XmlNode answer =
        send(
            "ListAllMyBuckets",
            new Call("s3", SdkHttpMethod.GET, endpoint, "/", Map.of(), Map.of(), Call.Slice.EMPTY),
            "list",
            Buckets::xml);
    return answer.all("Buckets/Bucket").stream()
        .map(one -> one.value("Name"))
        .filter(name -> name.startsWith(prefix))
        .toList();
  }
}
