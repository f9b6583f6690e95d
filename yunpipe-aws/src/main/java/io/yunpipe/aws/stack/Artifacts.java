package io.yunpipe.aws.stack;

import io.yunpipe.SetUpListener;
import io.yunpipe.internal.Sha256;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The bucket of programs and large templates, whose objects are named by their checksums. */
final class Artifacts {
  private final Cloud cloud;
  private final String bucket;

  Artifacts(Cloud cloud, String bucket) {
    this.cloud = cloud;
    this.bucket = bucket;
  }

  static String key(Program program) {
    return "programs/" + program.sha256() + ".jar";
  }

  /** Stores the router's program unless it is there. */
  void program(Program program, SetUpListener listener) {
    try (ObjectStore store = cloud.store(bucket)) {
      if (store.head(key(program)).isEmpty()) {
        listener.step("Uploading the router's program to bucket " + bucket);
        // The bucket's policy wants the condition.
        store.putIfAbsent(key(program), program.content());
      }
    }
  }

  /** Stores a template; returns where CloudFormation reads it. */
  String template(String text) {
    String key = "templates/" + Sha256.of(text.getBytes(StandardCharsets.UTF_8)) + ".json";
    try (ObjectStore store = cloud.store(bucket)) {
      store.putIfAbsent(key, Content.of(text));
    }
    URI s3 = cloud.endpoints().apply("S3", "s3");
    return cloud.pathStyle()
        ? s3 + "/" + bucket + "/" + key
        : s3.getScheme() + "://" + bucket + "." + s3.getAuthority() + "/" + key;
  }
}
