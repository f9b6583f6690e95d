package io.yunpipe.aws.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.template.ComputeSpec.Architecture;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pins images of ECR to what their tags mean now, and sees that workers can run them. */
final class Images {
  private static final Pattern ECR =
      Pattern.compile(
          "([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/([^:@]+)(?::([^@]+))?(?:@(.+))?");

  private static final int MAX_CONFIG_BYTES = 4 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Cloud cloud;
  private final Architecture architecture;
  private final Map<String, String> pinned = new HashMap<>();

  Images(Cloud cloud, Architecture architecture) {
    this.cloud = cloud;
    this.architecture = architecture;
  }

  /**
   * Returns an image's name with its digest, or as it is if it cannot be looked at.
   *
   * @param problems takes what makes it unusable
   */
  String pinned(String stage, String image, List<String> problems, SetUpListener listener) {
    String known = pinned.get(image);
    if (known == null) {
      known = look(stage, image, problems, listener);
      pinned.put(image, known);
    }
    return known;
  }

  private String look(String stage, String image, List<String> problems, SetUpListener listener) {
    Matcher name = ECR.matcher(image);
    if (!name.matches() || !name.group(2).equals(cloud.region())) {
      listener.step(
          "Not looked at: image "
              + image
              + " of stage "
              + stage
              + " is not in ECR of this region; that it exists and runs on "
              + word()
              + " is not checked");
      return image;
    }
    try {
      return inRegistry(stage, image, name, problems, listener);
    } catch (BackendException e) {
      problems.add("stage " + stage + ", image " + image + ": " + e.getMessage());
      return image;
    }
  }

  private String inRegistry(
      String stage, String image, Matcher name, List<String> problems, SetUpListener listener) {
    ObjectNode request = request(name);
    ObjectNode id = request.putArray("imageIds").addObject();
    if (name.group(5) != null) {
      id.put("imageDigest", name.group(5));
    } else {
      id.put("imageTag", name.group(4) == null ? "latest" : name.group(4));
    }
    JsonNode answer = ecr().call("BatchGetImage", request, "repository " + name.group(3));
    JsonNode found = answer.path("images").path(0);
    if (found.isMissingNode()) {
      problems.add(
          "stage "
              + stage
              + ": there is no image "
              + image
              + " ("
              + answer.path("failures").path(0).path("failureReason").asText("not found")
              + "). Push it, or name another");
      return image;
    }
    List<String> architectures = architectures(name, found, listener);
    if (!architectures.isEmpty() && !architectures.contains(word())) {
      problems.add(
          "stage "
              + stage
              + ": image "
              + image
              + " is for "
              + String.join(", ", architectures)
              + ", but yunpipe.aws.architecture is "
              + (architecture == Architecture.ARM64 ? "arm64" : "x86-64")
              + ". Build it for that, or change the setting");
    }
    String digest = found.path("imageId").path("imageDigest").asText();
    int end = name.end(3);
    return digest.isEmpty() ? image : image.substring(0, end) + "@" + digest;
  }

  private String word() {
    return architecture == Architecture.ARM64 ? "arm64" : "amd64";
  }

  private JsonCalls ecr() {
    return cloud.json("ECR", "api.ecr", "AmazonEC2ContainerRegistry_V20150921");
  }

  private static ObjectNode request(Matcher name) {
    ObjectNode request = JsonCalls.MAPPER.createObjectNode();
    return request.put("registryId", name.group(1)).put("repositoryName", name.group(3));
  }

  /** Returns for what an image is made, in the words of container images; empty if unknown. */
  private List<String> architectures(Matcher name, JsonNode image, SetUpListener listener) {
    List<String> found = new ArrayList<>();
    try {
      JsonNode manifest = JsonCalls.MAPPER.readTree(image.path("imageManifest").asText("{}"));
      for (JsonNode one : manifest.path("manifests")) {
        found.add(one.path("platform").path("architecture").asText());
      }
      String config = manifest.path("config").path("digest").asText();
      if (found.isEmpty() && !config.isEmpty()) {
        String link =
            ecr()
                .call(
                    "GetDownloadUrlForLayer",
                    request(name).put("layerDigest", config),
                    "repository " + name.group(3))
                .path("downloadUrl")
                .asText();
        found.add(JsonCalls.MAPPER.readTree(read(link)).path("architecture").asText());
      }
    } catch (JsonProcessingException e) {
      listener.step("Image " + name.group() + " has a manifest that is not understood");
    } catch (BackendException | IOException | IllegalArgumentException e) {
      listener.step(
          "For which processors image "
              + name.group()
              + " is, could not be read: "
              + e.getMessage());
    }
    found.removeIf(String::isEmpty);
    return found;
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
