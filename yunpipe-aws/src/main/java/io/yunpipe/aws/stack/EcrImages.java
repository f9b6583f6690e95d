package io.yunpipe.aws.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.yunpipe.BackendException;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.http.JsonAnswer;
import io.yunpipe.aws.http.JsonService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at images of ECR in the region of a stack, by the rights of whoever sets it up. */
final class EcrImages {
  private static final Pattern NAME =
      Pattern.compile(
          "([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/([^:@]+)(?::([^@]+))?(?:@(.+))?");

  private static final int MAX_CONFIG_BYTES = 4 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Cloud cloud;
  private final String architecture;

  /**
   * Creates it.
   *
   * @param architecture which of several manifests counts, in the words of container images
   */
  EcrImages(Cloud cloud, String architecture) {
    this.cloud = cloud;
    this.architecture = architecture;
  }

  /** Returns whether an image is in ECR of this region. */
  boolean has(String image) {
    Matcher name = NAME.matcher(image);
    return name.matches() && name.group(2).equals(cloud.region());
  }

  /**
   * Looks at one.
   *
   * @return empty if there is none
   * @throws BackendException if it may not be looked at
   */
  Optional<LookedAt> look(String image, SetUpListener listener) {
    Matcher name = NAME.matcher(image);
    if (!name.matches()) {
      throw new IllegalArgumentException(image + " is not in ECR");
    }
    String wanted = name.group(5) != null ? name.group(5) : name.group(4);
    return image(name, wanted == null ? "latest" : wanted)
        .map(found -> lookedAt(name, found, listener));
  }

  private Optional<JsonAnswer> image(Matcher name, String wanted) {
    String kind = wanted.startsWith("sha256:") ? "imageDigest" : "imageTag";
    return call(
            "BatchGetImage",
            name,
            json -> {
              json.writeArrayFieldStart("imageIds");
              json.writeStartObject();
              json.writeStringField(kind, wanted);
              json.writeEndObject();
              json.writeEndArray();
            })
        .objects("images")
        .stream()
        .findFirst();
  }

  private JsonAnswer call(String action, Matcher name, JsonService.Fields more) {
    return cloud
        .json("ECR", "api.ecr", "AmazonEC2ContainerRegistry_V20150921")
        .call(
            action,
            "repository " + name.group(3),
            json -> {
              json.writeStringField("registryId", name.group(1));
              json.writeStringField("repositoryName", name.group(3));
              more.write(json);
            });
  }

  /** What cannot be read is told and left open. */
  private LookedAt lookedAt(Matcher name, JsonAnswer image, SetUpListener listener) {
    String digest = image.object("imageId").text("imageDigest");
    List<String> architectures = new ArrayList<>();
    Optional<Map<String, String>> labels = Optional.empty();
    try {
      JsonAnswer manifest = manifest(image);
      String ours = "";
      for (JsonAnswer one : manifest.objects("manifests")) {
        String word = one.object("platform").text("architecture");
        architectures.add(word);
        ours = ours.isEmpty() && word.equals(architecture) ? one.text("digest") : ours;
      }
      if (!ours.isEmpty()) {
        Optional<JsonAnswer> one = image(name, ours);
        manifest = one.isPresent() ? manifest(one.get()) : manifest;
      }
      String config = manifest.object("config").text("digest");
      if (!config.isEmpty()) {
        JsonAnswer read = config(name, config);
        if (architectures.isEmpty()) {
          architectures.add(read.text("architecture"));
        }
        labels = Optional.of(read.object("config").object("Labels").texts());
      }
    } catch (JsonProcessingException e) {
      listener.step("Image " + name.group() + " has a manifest that is not understood");
    } catch (BackendException | IOException | IllegalArgumentException e) {
      listener.step(
          "For which processors image "
              + name.group()
              + " is, and whether it has the worker, could not be read: "
              + e.getMessage());
    }
    architectures.removeIf(word -> word.isEmpty() || word.equals("unknown"));
    return new LookedAt(digest, architectures, labels);
  }

  private static JsonAnswer manifest(JsonAnswer image) throws IOException {
    byte[] manifest = image.text("imageManifest").getBytes(StandardCharsets.UTF_8);
    return JsonAnswer.read(new ByteArrayInputStream(manifest));
  }

  private JsonAnswer config(Matcher name, String digest) throws IOException {
    String link =
        call("GetDownloadUrlForLayer", name, json -> json.writeStringField("layerDigest", digest))
            .text("downloadUrl");
    return JsonAnswer.read(new ByteArrayInputStream(read(link)));
  }

  private static byte[] read(String link) throws IOException {
    URLConnection connection = URI.create(link).toURL().openConnection();
    connection.setConnectTimeout((int) PATIENCE.toMillis());
    connection.setReadTimeout((int) PATIENCE.toMillis());
    try (InputStream in = connection.getInputStream()) {
      return in.readNBytes(MAX_CONFIG_BYTES);
    }
  }
}
