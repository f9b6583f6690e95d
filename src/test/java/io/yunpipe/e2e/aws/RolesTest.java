package io.yunpipe.e2e.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.Algorithm;
import io.yunpipe.Inputs;
import io.yunpipe.Pipeline;
import io.yunpipe.Resources;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.aws.template.Account;
import io.yunpipe.aws.template.ComputeSpec;
import io.yunpipe.aws.template.Permissions;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.aws.template.StackSpec;
import io.yunpipe.lambda.RouterMain;
import io.yunpipe.runner.WorkerMain;
import io.yunpipe.spi.StageNeeds;
import io.yunpipe.testkit.emulator.Child;
import io.yunpipe.testkit.emulator.Moto;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who submits, the router and a worker have the roles that the stack gives them, and the emulator
 * refuses what those do not allow: a run and an upload come out, and what a job must not do is
 * denied. The emulator knows the actions of all services, resources of S3 only, and no conditions;
 * those are evaluated where the policies are made.
 */
class RolesTest {
  private static final String BUCKET = "lab";
  private static final String STAGE = "upper";
  private static final StackNames NAMES = new StackNames("yunpipe-", "letters");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Test
  void runAndUpload_withTheStacksRolesOnly_comeOutAndNothingElseIsAllowed() throws Exception {
    Moto moto = Moto.start(folder, withoutSignatures());
    open.add(moto);
    Files.writeString(folder.resolve("upper.sh"), "tr a-z A-Z < $1 > $2/out.txt && echo done\n");
    moto.bucketWithEvents(BUCKET, NAMES.ingress());
    act(moto.environment());
    try (Pipeline operator = pipeline(moto, true)) {
      operator.init();
    }
    Map<String, String> policies = Permissions.policies(spec());
    Map<String, String> user = member(moto, "user", policies);
    Map<String, String> job = member(moto, "job", policies);
    Map<String, String> router = member(moto, "router", policies);
    enforce(moto);

    act(user);
    start(router, RouterMain.class, "YUNPIPE_INGRESS", "letters/-events", "YUNPIPE_TICK", "1");
    start(job, WorkerMain.class, "YUNPIPE_PIPELINE", "letters", "YUNPIPE_STAGE", STAGE);
    Path inputs = Files.createDirectories(folder.resolve("in"));
    String empty = Files.createFile(folder.resolve("empty")).toString();
    Files.writeString(inputs.resolve("a.txt"), "a");
    Files.writeString(inputs.resolve("large.txt"), "b".repeat(100_000));
    try (Pipeline pipeline = pipeline(moto, false)) {
      Run run = pipeline.submit(Inputs.folder(inputs));
      assertThat(run.await(RunListener.none(), PATIENCE).state()).isEqualTo(RunState.SUCCEEDED);
      run.download(folder.resolve("out"));
      assertThat(folder.resolve("out/a.txt/out.txt")).hasContent("A");
      assertThat(run.log("a.txt")).contains("done");

      aws(moto, user, "s3", "cp", inputs.resolve("a.txt").toString(), key("inbox/letters/mon/u"));
      aws(moto, user, "s3", "cp", empty, key("inbox/letters/mon/.complete"));
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(pipeline.runs())
                      .extracting(RunStatus::state)
                      .containsExactly(RunState.SUCCEEDED, RunState.SUCCEEDED));
    }
    denied(moto, job, "s3", "rm", key("pipelines/letters.json"));
    denied(moto, job, "s3", "cp", empty, key("index/letters/forged"));
    denied(moto, job, "iam", "list-users");
    denied(moto, job, "sqs", "purge-queue", "--queue-url", url(moto, NAMES.ofStage(STAGE)));
    denied(moto, user, "sqs", "delete-queue", "--queue-url", url(moto, NAMES.ofStage(STAGE)));
    denied(moto, router, "s3", "rb", "s3://" + BUCKET);
  }

  /** It compares signatures of queries as they are written, not in their canonical form. */
  private Map<String, String> withoutSignatures() throws Exception {
    Path patches = Files.createDirectories(folder.resolve("python"));
    Files.writeString(
        patches.resolve("sitecustomize.py"),
        """
        from moto.iam import access_control
        access_control.IAMRequestBase.check_signature = lambda self: None
        """);
    return Map.of("PYTHONPATH", patches.toString());
  }

  private static String key(String key) {
    return "s3://" + BUCKET + "/" + key;
  }

  private static String url(Moto moto, String queue) {
    return moto.endpoint() + "/123456789012/" + queue;
  }

  private static StackSpec spec() {
    return new StackSpec(
        NAMES,
        new Account("aws", "123456789012", "eu-west-1"),
        new StackSpec.Bucket(BUCKET, "", true),
        Duration.ofSeconds(60),
        20,
        new ComputeSpec(
            ComputeSpec.Engine.BATCH,
            ComputeSpec.Capacity.FARGATE,
            ComputeSpec.Architecture.X86_64,
            4,
            List.of(),
            "",
            List.of("subnet-1"),
            List.of(),
            true,
            "",
            Duration.ofHours(1),
            ""),
        List.of(new StageNeeds(STAGE, "upper:1", null, Resources.DEFAULT, null, null)),
        new StackSpec.RouterProgram("programs", "p.jar", "0".repeat(64), 1024),
        Set.of(),
        Set.of(),
        30,
        true,
        "",
        Map.of(),
        false);
  }

  private Pipeline pipeline(Moto moto, boolean operator) {
    return Pipeline.builder()
        .name("letters")
        .backend("aws")
        .putSetting("yunpipe.aws.bucket", BUCKET)
        .putSetting("yunpipe.aws.endpoint", moto.endpoint().toString())
        .putSetting("yunpipe.aws.region", "eu-west-1")
        .putSetting("yunpipe.aws.compute", "external")
        .putSetting("yunpipe.aws.create-queues", Boolean.toString(operator))
        .stage(
            Algorithm.builder(STAGE)
                .baseFolder(folder)
                .argv(List.of("sh", "upper.sh", "$input", "$output"))
                .build())
        .build();
  }

  /** Makes a user who has a role's policy, and returns the environment of that user's programs. */
  private static Map<String, String> member(Moto moto, String role, Map<String, String> policies)
      throws Exception {
    moto.aws("iam", "create-user", "--user-name", role);
    moto.aws(
        "iam",
        "put-user-policy",
        "--user-name",
        role,
        "--policy-name",
        role,
        "--policy-document",
        asTheEmulatorKnowsThem(policies.get(role)));
    JsonNode key =
        new ObjectMapper()
            .readTree(moto.aws("iam", "create-access-key", "--user-name", role))
            .path("AccessKey");
    Map<String, String> environment = new HashMap<>(moto.environment());
    environment.put("AWS_ACCESS_KEY_ID", key.path("AccessKeyId").asText());
    environment.put("AWS_SECRET_ACCESS_KEY", key.path("SecretAccessKey").asText());
    environment.put("YUNPIPE_AWS_BUCKET", BUCKET);
    environment.put("YUNPIPE_AWS_COMPUTE", "external");
    return environment;
  }

  private static String asTheEmulatorKnowsThem(String policy) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    // It takes patterns for regular expressions, but for the star.
    ObjectNode document = (ObjectNode) mapper.readTree(policy.replace('?', '.'));
    ArrayNode statements = mapper.createArrayNode();
    for (JsonNode each : document.path("Statement")) {
      ObjectNode statement = (ObjectNode) each;
      boolean ofS3 = statement.path("Action").toString().contains("\"s3:");
      boolean deny = statement.path("Effect").asText().equals("Deny");
      if (!deny || (ofS3 && !statement.has("Condition"))) {
        statement.remove("Condition");
        if (!ofS3) {
          statement.put("Resource", "*");
          statement.set("Action", withBatches(statement.path("Action")));
        }
        statements.add(statement);
      }
    }
    return document.set("Statement", statements).toString();
  }

  /** On AWS the right to send a message is the right to send ten; here it is another one. */
  private static ArrayNode withBatches(JsonNode actions) {
    ArrayNode all = new ObjectMapper().createArrayNode();
    for (JsonNode action : actions.isArray() ? actions : all.arrayNode().add(actions)) {
      all.add(action);
      if (action.asText().matches("sqs:(Send|Delete)Message|sqs:ChangeMessageVisibility")) {
        all.add(action.asText() + "Batch");
      }
    }
    return all;
  }

  private static void enforce(Moto moto) throws Exception {
    int status =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(moto.endpoint().resolve("/moto-api/reset-auth"))
                    .POST(BodyPublishers.ofString("0"))
                    .build(),
                BodyHandlers.discarding())
            .statusCode();
    assertThat(status).isEqualTo(200);
  }

  private static void act(Map<String, String> environment) {
    System.setProperty("aws.accessKeyId", environment.get("AWS_ACCESS_KEY_ID"));
    System.setProperty("aws.secretAccessKey", environment.get("AWS_SECRET_ACCESS_KEY"));
  }

  private void start(Map<String, String> environment, Class<?> main, String... more)
      throws Exception {
    Map<String, String> all = new HashMap<>(environment);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    Path scratch = Files.createDirectories(folder.resolve(main.getSimpleName()));
    all.put("YUNPIPE_SCRATCH", scratch.toString());
    all.put("YUNPIPE_USER", "0");
    all.put("YUNPIPE_IDLE", "120s");
    open.add(Child.java(folder.resolve(main.getSimpleName() + ".log"), all, main));
  }

  private String aws(Moto moto, Map<String, String> environment, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("aws", "--endpoint-url", moto.endpoint().toString()));
    command.addAll(List.of(words));
    try (Child child =
        Child.start(Files.createTempFile(folder, "aws", ".txt"), environment, command)) {
      int exit = child.exit(60);
      if (exit != 0) {
        throw new IllegalStateException(exit + ": " + child.text());
      }
      return child.text();
    }
  }

  private void denied(Moto moto, Map<String, String> environment, String... words) {
    assertThatThrownBy(() -> aws(moto, environment, words))
        .as(String.join(" ", words))
        .hasMessageMatching("(?s).*(AccessDenied|not authorized|AccessDeniedException).*");
  }
}
