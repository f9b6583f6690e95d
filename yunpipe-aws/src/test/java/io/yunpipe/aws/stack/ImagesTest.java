package io.yunpipe.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.yunpipe.BackendException;
import io.yunpipe.aws.template.ComputeSpec;
import io.yunpipe.aws.template.ComputeSpec.Architecture;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.spi.ImageFinder;
import io.yunpipe.spi.ImageFinder.Found;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What init finds out about images, with ECR's answers as its documentation has them. */
class ImagesTest {
  private static final String ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/lab/cells";
  private static final String LIST = "sha256:" + "1".repeat(64);
  private static final String ONE = "sha256:" + "2".repeat(64);
  private static final String OTHER = "sha256:" + "3".repeat(64);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MANIFEST =
      "{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:%s\"}}";

  private final Map<String, String> manifests = new HashMap<>();
  private final Map<String, String> configs = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final SaidSteps said = new SaidSteps(true);
  private HttpServer server;
  private Cloud cloud;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    cloud = MotoCloud.at(URI.create(address()));
  }

  @AfterEach
  void stop() {
    cloud.http().close();
    server.stop(0);
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String answer;
    if (target == null) {
      answer = configs.get(exchange.getRequestURI().getPath().substring(1));
    } else if (target.endsWith(".GetDownloadUrlForLayer")) {
      String digest = JSON.readTree(body).path("layerDigest").asText();
      answer = "{\"downloadUrl\":\"" + address() + "/" + digest + "\"}";
    } else {
      assertThat(target).isEqualTo("AmazonEC2ContainerRegistry_V20150921.BatchGetImage");
      answer = images(JSON.readTree(body)).toString();
    }
    byte[] bytes = String.valueOf(answer).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private ObjectNode images(JsonNode request) {
    assertThat(request.path("registryId").asText()).isEqualTo("123456789012");
    assertThat(request.path("repositoryName").asText()).isEqualTo("lab/cells");
    JsonNode id = request.path("imageIds").path(0);
    String wanted = id.path("imageTag").asText() + id.path("imageDigest").asText();
    ObjectNode answer = JSON.createObjectNode();
    if (manifests.containsKey(wanted)) {
      String[] entry = manifests.get(wanted).split(" ", 2);
      ObjectNode image = answer.putArray("images").addObject();
      image.putObject("imageId").put("imageDigest", entry[0]);
      image.put("imageManifest", entry[1]);
    } else {
      answer.putArray("failures").addObject().put("failureCode", "ImageNotFound");
    }
    return answer;
  }

  private String pinned(String image, Engine engine, Architecture architecture) {
    return pinned(image, engine, architecture, Optional.empty());
  }

  private String pinned(
      String image, Engine engine, Architecture architecture, Optional<ImageFinder> others) {
    ComputeSpec compute =
        new ComputeSpec(
            engine,
            Capacity.EC2,
            architecture,
            1,
            List.of(),
            "",
            List.of(),
            List.of(),
            false,
            "",
            Duration.ofHours(1),
            "");
    return new Images(cloud, compute, others).pinned("edges", image, problems, said);
  }

  /** An index of two manifests, of which only the one for amd64 has the worker. */
  private void twoPlatforms() {
    manifests.put(
        "1.0",
        LIST
            + " {\"manifests\":["
            + "{\"digest\":\"%s\",\"platform\":{\"architecture\":\"amd64\"}},".formatted(ONE)
            + "{\"digest\":\"%s\",\"platform\":{\"architecture\":\"arm64\"}},".formatted(OTHER)
            + "{\"digest\":\"%s\",\"platform\":{\"architecture\":\"unknown\"}}]}".formatted(LIST));
    manifests.put(ONE, ONE + " " + MANIFEST.formatted("a"));
    manifests.put(OTHER, OTHER + " " + MANIFEST.formatted("b"));
    configs.put(
        "sha256:a",
        "{\"architecture\":\"amd64\",\"config\":{\"Labels\":{\"io.yunpipe.runner\":\"sha256:r\"}}}");
    configs.put("sha256:b", "{\"architecture\":\"arm64\",\"config\":{\"Labels\":null}}");
  }

  @Test
  void wrappedImage_isPinnedToWhatItsTagMeansNow() {
    twoPlatforms();
    assertThat(pinned(ECR + ":1.0", Engine.BATCH, Architecture.X86_64)).isEqualTo(ECR + "@" + LIST);
    assertThat(pinned(ECR + "@" + ONE, Engine.ECS, Architecture.X86_64)).isEqualTo(ECR + "@" + ONE);
    assertThat(problems).isEmpty();
    assertThat(said.steps).isEmpty();
  }

  @Test
  void image_withoutTheWorker_isAProblemThatNamesWrap() {
    twoPlatforms();
    pinned(ECR + ":1.0", Engine.BATCH, Architecture.ARM64);
    assertThat(problems)
        .containsExactly(
            "stage edges: image "
                + ECR
                + ":1.0 has no worker in it, so AWS could start it, but not give it work. Wrap it"
                + " with 'yunpipe wrap' and name the image that this makes. If you have added the"
                + " worker yourself (docs/worker.md), give the image the label io.yunpipe.runner");
  }

  @Test
  void machines_bringTheWorkerThemselves() {
    twoPlatforms();
    assertThat(pinned(ECR + ":1.0", Engine.EC2_SSM, Architecture.ARM64))
        .isEqualTo(ECR + "@" + LIST);
    assertThat(problems).isEmpty();
  }

  @Test
  void image_forAnotherProcessor_isAProblem() {
    manifests.put("latest", ONE + " " + MANIFEST.formatted("a"));
    configs.put("sha256:a", "{\"architecture\":\"amd64\",\"config\":{}}");
    pinned(ECR, Engine.BATCH, Architecture.ARM64);
    assertThat(problems)
        .containsExactly(
            "stage edges: image "
                + ECR
                + " is for amd64, but yunpipe.aws.architecture is arm64. Build it for that, or"
                + " change the setting");
  }

  @Test
  void image_thatIsNotThere_isAProblem() {
    assertThat(pinned(ECR + ":2.0", Engine.BATCH, Architecture.X86_64)).isEqualTo(ECR + ":2.0");
    assertThat(problems)
        .containsExactly(
            "stage edges: there is no image " + ECR + ":2.0. Push it, or name another");
  }

  @Test
  void configuration_thatCannotBeRead_leavesItOpenAndSaysSo() {
    manifests.put("1.0", ONE + " " + MANIFEST.formatted("c"));
    assertThat(pinned(ECR + ":1.0", Engine.BATCH, Architecture.X86_64)).isEqualTo(ECR + "@" + ONE);
    assertThat(problems).isEmpty();
    assertThat(said.steps).singleElement().asString().contains("whether it has the worker");
  }

  @Test
  void otherRegistry_isLookedAtAsAPullWould() {
    Map<String, Found> there =
        Map.of(
            "ghcr.io/lab/cells:1",
            new Found(ONE, List.of("amd64"), Map.of("io.yunpipe.runner", "r")),
            "ubuntu",
            new Found(OTHER, List.of("amd64"), Map.of()));
    Optional<ImageFinder> others = Optional.of(image -> Optional.ofNullable(there.get(image)));
    Architecture x86 = Architecture.X86_64;
    assertThat(pinned("ghcr.io/lab/cells:1", Engine.BATCH, x86, others))
        .isEqualTo("ghcr.io/lab/cells@" + ONE);
    assertThat(problems).isEmpty();
    pinned("ubuntu", Engine.BATCH, x86, others);
    pinned("ghcr.io/lab/cells:2", Engine.BATCH, x86, others);
    assertThat(problems)
        .hasSize(2)
        .anyMatch(problem -> problem.contains("image ubuntu has no worker in it"))
        .anyMatch(problem -> problem.contains("there is no image ghcr.io/lab/cells:2"));
  }

  @Test
  void otherRegistry_thatCannotBeReadFromHere_isSaidAndLeftToAws() {
    Optional<ImageFinder> others =
        Optional.of(
            image -> {
              throw new BackendException("Could not read it: denied", null);
            });
    String image = "registry.example.org:5000/lab/cells:1";
    assertThat(pinned(image, Engine.BATCH, Architecture.X86_64, others)).isEqualTo(image);
    assertThat(pinned(image, Engine.BATCH, Architecture.X86_64)).isEqualTo(image);
    assertThat(problems).isEmpty();
    assertThat(said.steps)
        .containsExactly(
            "Not looked at: image "
                + image
                + " of stage edges: Could not read it: denied; that it exists, has the worker and"
                + " runs on amd64 is not checked",
            "Not looked at: image "
                + image
                + " of stage edges: it is not in ECR of this region; that it exists, has the worker"
                + " and runs on amd64 is not checked");
  }
}
