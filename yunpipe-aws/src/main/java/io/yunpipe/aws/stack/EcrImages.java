package io.yunpipe.aws.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import io.yunpipe.SetUpListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
    JsonNode found = manifest(name, wanted == null ? "latest" : wanted);
    if (found.isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(lookedAt(name, found, listener));
  }

  private JsonNode manifest(Matcher name, String wanted) {
    ObjectNode request = request(name);
    String kind = wanted.startsWith("sha256:") ? "imageDigest" : "imageTag";
    request.putArray("imageIds").addObject().put(kind, wanted);
    return ecr()
        .call("BatchGetImage", request, "repository " + name.group(3))
        .path("images")
        .path(0);
  }

  private JsonCalls ecr() {
    return cloud.json("ECR", "api.ecr", "AmazonEC2ContainerRegistry_V20150921");
  }

  private static ObjectNode request(Matcher name) {
    ObjectNode request = JsonCalls.MAPPER.createObjectNode();
    return request.put("registryId", name.group(1)).put("repositoryName", name.group(3));
  }

  /** What cannot be read is told and left open. */
  private LookedAt lookedAt(Matcher name, JsonNode image, SetUpListener listener) {
    String digest = image.path("imageId").path("imageDigest").asText();
    List<String> architectures = new ArrayList<>();
    Optional<Map<String, String>> labels = Optional.empty();
    try {
      JsonNode manifest = parsed(image);
      if (manifest.path("manifests").isArray()) {
        String ours = "";
        for (JsonNode one : manifest.path("manifests")) {
          String word = one.path("platform").path("architecture").asText();
          architectures.add(word);
          ours = ours.isEmpty() && word.equals(architecture) ? one.path("digest").asText() : ours;
        }
        manifest = ours.isEmpty() ? JsonCalls.MAPPER.nullNode() : parsed(manifest(name, ours));
      }
      String config = manifest.path("config").path("digest").asText();
      if (!config.isEmpty()) {
        JsonNode read = config(name, config);
        if (architectures.isEmpty()) {
          architectures.add(read.path("architecture").asText());
        }
        labels = Optional.of(labels(read));
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

  private static JsonNode parsed(JsonNode image) throws JsonProcessingException {
    return JsonCalls.MAPPER.readTree(image.path("imageManifest").asText("{}"));
  }

  private JsonNode config(Matcher name, String digest) throws IOException {
    String link =
        ecr()
            .call(
                "GetDownloadUrlForLayer",
                request(name).put("layerDigest", digest),
                "repository " + name.group(3))
            .path("downloadUrl")
            .asText();
    return JsonCalls.MAPPER.readTree(read(link));
  }

  private static Map<String, String> labels(JsonNode config) {
    Map<String, String> labels = new HashMap<>();
    for (Map.Entry<String, JsonNode> label : config.path("config").path("Labels").properties()) {
      labels.put(label.getKey(), label.getValue().asText());
    }
    return labels;
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
