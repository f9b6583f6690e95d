package io.yunpipe.e2e.aws;

import static org.junit.jupiter.api.Assertions.fail;

import io.yunpipe.testkit.emulator.Child;
import io.yunpipe.testkit.emulator.Moto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/** A container engine with the image that {@code .ci/java-image} makes, and an image of workers. */
final class Containers {
  private static final String JAVA = "yunpipe-test/java:1";

  private final Path folder;
  private final String worker;

  private Containers(Path folder, String worker) {
    this.folder = folder;
    this.worker = worker;
  }

  /**
   * Adds the programs to the image of Java, as wrapping would; skips the test where there is no
   * engine or no such image.
   */
  static Containers withWorker(Path programs, Path folder)
      throws IOException, InterruptedException {
    Containers engine = new Containers(folder, "yunpipe-test/worker:" + System.nanoTime());
    if (!engine.has(JAVA)) {
      String reason = "needs docker and the image " + JAVA + ": run .ci/java-image FOLDER JDK";
      if (System.getenv().getOrDefault("YUNPIPE_REQUIRE", "").contains("docker")) {
        fail(reason);
      }
      throw new TestAbortedException(reason);
    }
    String container = engine.docker("create", JAVA, "function", "event").strip();
    engine.docker("cp", programs.toString(), container + ":/opt/yunpipe/programs.jar");
    engine.docker("commit", "--change", "ENTRYPOINT [\"/bin/worker\"]", container, engine.worker);
    engine.docker("rm", container);
    return engine;
  }

  private boolean has(String image) throws InterruptedException {
    try {
      docker("image", "inspect", image);
      return true;
    } catch (IOException | IllegalStateException e) {
      return false;
    }
  }

  /** Returns the image whose containers are workers. */
  String worker() {
    return worker;
  }

  /**
   * Returns what an emulator needs to run functions and jobs in containers; a stack's alias of a
   * function, which it knows, but its CloudFormation does not; and the newer way to say that a
   * resource outlives its stack.
   */
  static Map<String, String> ofEmulator(Path folder) throws IOException {
    Path patches = Files.createDirectories(folder.resolve("python"));
    Files.writeString(
        patches.resolve("sitecustomize.py"),
        """
        from moto.awslambda.models import LambdaVersion, lambda_backends
        from moto.core.common_models import CloudFormationModel

        LambdaVersion.get_cfn_attribute = lambda self, name: self.version

        class StackAlias(CloudFormationModel):
            __module__ = "moto.awslambda.models"
            @staticmethod
            def cloudformation_name_type():
                return ""
            @staticmethod
            def cloudformation_type():
                return "AWS::Lambda::Alias"
            @classmethod
            def create_from_cloudformation_json(
                    cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
                wanted = cloudformation_json["Properties"]
                alias = lambda_backends[account_id][region_name].create_alias(
                    wanted["Name"], wanted["FunctionName"], "$LATEST", "", None)
                made = cls()
                made.arn = alias.arn
                return made
            @property
            def physical_resource_id(self):
                return self.arn
            @classmethod
            def delete_from_cloudformation_json(cls, *arguments, **kwargs):
                pass

        from moto.cloudformation.parsing import ResourceMap
        known = ResourceMap.delete
        def delete(self):
            for resource in self._resource_json_map.values():
                if resource.get("DeletionPolicy") == "RetainExceptOnCreate":
                    resource["DeletionPolicy"] = "Retain"
            known(self)
        ResourceMap.delete = delete
        """);
    return Map.of(
        "PYTHONPATH",
        patches.toString(),
        "MOTO_DOCKER_NETWORK_MODE",
        "host",
        "MOTO_DOCKER_LAMBDA_IMAGE",
        JAVA);
  }

  /** Makes a role whose name the emulator writes otherwise if it is asked for Batch's own. */
  static void roleOfBatch(Moto moto) throws IOException, InterruptedException {
    moto.aws(
        "iam",
        "create-role",
        "--path",
        "/aws-service-role/batch.amazonaws.com/",
        "--role-name",
        "AWSServiceRoleForBatch",
        "--assume-role-policy-document",
        "{}");
  }

  private String docker(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(words));
    Path said = Files.createTempFile(folder, "docker", ".txt");
    try (Child child = Child.start(said, Map.of(), command)) {
      if (child.exit(60) != 0) {
        throw new IllegalStateException(command + ": " + child.text());
      }
      return child.text();
    }
  }

  /** Removes the image of workers. */
  void close() throws IOException, InterruptedException {
    docker("rmi", "-f", worker);
  }
}
