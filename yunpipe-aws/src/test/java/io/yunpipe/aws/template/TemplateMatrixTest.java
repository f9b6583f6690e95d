package io.yunpipe.aws.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.yunpipe.testkit.emulator.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateMatrixTest {
  private static final String LINTER = "YUNPIPE_TEST_CFN_LINT";

  /** Set to write the files anew after a change; look at the difference before it is committed. */
  private static final String WRITE = "yunpipe.golden";

  /** A secret's name, and the right to read it, are none. */
  private static final Pattern NAMED =
      Pattern.compile("secretsmanager:GetSecretValue|arn:aws:secretsmanager:[^\"]*");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batch-fargate",
        "batch-fargate-given",
        "batch-spot-gpu",
        "ecs-fargate-spot-labs",
        "ec2-ssm-spot-commands",
        "roles",
        "bootstrap"
      })
  void template_isAsTheFileHasIt(String name) throws IOException {
    String found = Specs.matrix().get(name).pretty() + "\n";
    if (System.getProperty(WRITE) != null) {
      Path file =
          Path.of("src/test/resources/io/yunpipe/aws/template/" + name + ".json").toAbsolutePath();
      Files.createDirectories(file.getParent());
      Files.writeString(file, found);
    }
    try (InputStream expected = getClass().getResourceAsStream(name + ".json")) {
      assertThat(expected).as("file %s.json; write it with -D%s", name, WRITE).isNotNull();
      assertThat(found).isEqualTo(new String(expected.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void templates_madeTwice_areTheSameBytes() {
    Map<String, Template> again = Specs.matrix();
    Specs.matrix()
        .forEach((name, template) -> assertThat(again.get(name).json()).isEqualTo(template.json()));
  }

  @Test
  void templates_ofTheMatrix_areWithinTheLimits() {
    Specs.matrix().values().forEach(Template::check);
  }

  /**
   * cfn-lint has the official schemas of all resource types: properties, types, values, what is
   * required, and what excludes what.
   */
  @Test
  void templates_linted_haveNothingWrong(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path linter = Needs.program("cfn-lint", LINTER, "cfn-lint", "pip install cfn-lint==1.58.0");
    List<String> command = new ArrayList<>(List.of(linter.toString(), "--regions", "eu-west-1"));
    // Informational findings: literal names and ARNs are on purpose, policies say what they mean.
    command.addAll(List.of("--ignore-checks", "I", "--"));
    for (Map.Entry<String, Template> one : Specs.matrix().entrySet()) {
      Path file = folder.resolve(one.getKey() + ".json");
      Files.writeString(file, one.getValue().pretty());
      command.add(file.toString());
    }
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("cfn-lint ends").isTrue();
    assertThat(Files.readString(said)).isEmpty();
    assertThat(process.exitValue()).isZero();
  }

  /** What docs/aws.md says of sizes. */
  @Test
  void sizes_ofManyStages_stayFarFromTheLimits() {
    Map<String, List<Integer>> sizes = new TreeMap<>();
    Specs.matrix()
        .forEach(
            (name, template) -> sizes.put(name, List.of(template.resources(), template.bytes())));
    System.out.println("resources and bytes: " + sizes);
    assertThat(sizes.get("batch-fargate").get(1)).isLessThan(TemplateLimits.INLINE_BYTES);
    assertThat(sizes.get("batch-fargate-50-stages").get(0)).isLessThan(TemplateLimits.RESOURCES);
  }

  @Test
  void resources_thatTakeTags_haveThem() {
    for (Map.Entry<String, JsonNode> resource :
        Specs.matrix().get("ecs-fargate-spot-labs").tree().path("Resources").properties()) {
      JsonNode tags = resource.getValue().path("Properties").path("Tags");
      if (!tags.isMissingNode()) {
        assertThat(tags.toString())
            .as(resource.getKey())
            .contains("yunpipe:pipeline", "yunpipe:stack", "yunpipe-edges", "grant");
      }
    }
  }

  @Test
  void machines_areInTheSubnetsOfTheSettings_eachWithATemplate() {
    Specs specs = Specs.of(ComputeSpec.Engine.EC2_SSM, ComputeSpec.Capacity.EC2);
    specs.subnets = List.of("subnet-0a", "subnet-0b", "subnet-0c", "subnet-0d");
    Map<String, String> subnets = new TreeMap<>();
    PipelineTemplate.of(specs.spec())
        .tree()
        .path("Resources")
        .forEach(
            resource -> {
              JsonNode data = resource.at("/Properties/LaunchTemplateData");
              if (!data.isMissingNode()) {
                subnets.put(
                    resource.at("/Properties/LaunchTemplateName").asText(),
                    data.at("/NetworkInterfaces/0/SubnetId").asText());
              }
            });
    assertThat(subnets)
        .isEqualTo(
            Map.of(
                "yunpipe-edges_detect", "subnet-0a",
                "yunpipe-edges_detect_2", "subnet-0b",
                "yunpipe-edges_detect_3", "subnet-0c"));
  }

  /** What {@link io.yunpipe.aws.sqs.SqsQueues#create} sets. */
  @Test
  void queues_haveTheAttributesThatTheDataPathSets() {
    JsonNode resources = Specs.matrix().get("batch-fargate").tree().path("Resources");
    JsonNode queue = resources.path(LogicalId.of("Queue", "detect")).path("Properties");
    assertThat(queue.path("QueueName").asText()).isEqualTo("yunpipe-edges_detect");
    assertThat(queue.path("MessageRetentionPeriod").asInt()).isEqualTo(1_209_600);
    assertThat(queue.path("VisibilityTimeout").asInt()).isEqualTo(60);
    assertThat(queue.path("ReceiveMessageWaitTimeSeconds").asInt()).isEqualTo(20);
    assertThat(queue.at("/RedrivePolicy/maxReceiveCount").asInt()).isEqualTo(20);
    JsonNode router = resources.path("Router").path("Properties");
    assertThat(resources.at("/Ingress/Properties/VisibilityTimeout").asInt())
        .isGreaterThanOrEqualTo(6 * router.path("Timeout").asInt());
    assertThat(router.at("/Environment/Variables/YUNPIPE_INGRESS").asText())
        .isEqualTo("edges/-events");
    assertThat(Specs.NAMES.ofStage("-events")).isEqualTo(Specs.NAMES.ingress());
  }

  @Test
  void router_withAnotherProgramOrEnvironment_isAnotherVersion() {
    Specs other = Specs.of(ComputeSpec.Engine.BATCH, ComputeSpec.Capacity.FARGATE);
    String first = version(other);
    assertThat(version(other)).isEqualTo(first);
    other.program = "ef".repeat(32);
    String second = version(other);
    other.types = List.of("c7i.large");
    assertThat(List.of(first, second, version(other))).doesNotHaveDuplicates();
  }

  private static String version(Specs specs) {
    return PipelineTemplate.of(specs.spec())
        .tree()
        .at("/Resources/RouterLive/Properties/FunctionVersion/Fn::GetAtt/0")
        .asText();
  }

  @Test
  void parked_nothingCallsAndNothingStarts() {
    JsonNode parked = Specs.matrix().get("batch-fargate-parked").tree().path("Resources");
    assertThat(parked.at("/Tick/Properties/State").asText()).isEqualTo("DISABLED");
    assertThat(parked.at("/RouterEvents/Properties/Enabled").asBoolean()).isFalse();
    assertThat(parked.at("/JobQueue/Properties/State").asText()).isEqualTo("DISABLED");
  }

  /** Environments name things; nothing in a template is secret. */
  @Test
  void templates_holdNoSecrets() {
    Specs.matrix()
        .values()
        .forEach(
            template ->
                assertThat(NAMED.matcher(template.json()).replaceAll(""))
                    .doesNotContainPattern("(?i)secret|password|accesskey|AKIA[0-9A-Z]{16}"));
  }
}
