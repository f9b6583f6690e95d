package io.yunpipe.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.yunpipe.Engine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what would be set up on AWS. */
@Command(
    name = "template",
    sortOptions = false,
    description =
        "Prints the CloudFormation template of a pipeline, or what a role may do, for an"
            + " administrator to read. Asks AWS for nothing.")
final class TemplateCommand implements Callable<Integer> {
  private static final String POLICY = "policy/";

  @Mixin private WorkflowArgument workflow = new WorkflowArgument();

  @ArgGroup private @Nullable Part part;

  /** What to print instead of the pipeline's template. */
  private static final class Part {
    @Option(
        names = "--policy",
        paramLabel = "ROLE",
        description =
            "What a role may do: operator, user, lab, router, job, execution, scheduler or"
                + " instance.")
    private @Nullable String policy;

    @Option(names = "--bootstrap", description = "The template of what all pipelines share.")
    private boolean bootstrap;

    @Option(
        names = "--roles",
        description = "The template of the roles alone, for yunpipe.aws.create-roles = false.")
    private boolean roles;

    @Option(names = "--size", description = "Resources and bytes of each template.")
    private boolean size;
  }

  @Option(
      names = "--account",
      paramLabel = "ID",
      description = "The account's twelve digits (default: 000000000000).")
  private @Nullable String account;

  @Option(
      names = "--region",
      paramLabel = "NAME",
      description = "The region (setting yunpipe.aws.region).")
  private @Nullable String region;

  @Option(names = "--pretty", description = "Indents.")
  private boolean pretty;

  @Override
  public Integer call() {
    Map<String, String> documents = documents();
    if (part != null && part.size) {
      System.out.print(sizes(documents));
      return ExitCode.OK;
    }
    String name = name();
    String found = documents.get(name);
    if (found == null) {
      Messages.error(missing(name, documents));
      return ExitCode.BAD_INPUT;
    }
    System.out.println(pretty ? JsonText.of(read(found)) : found);
    return ExitCode.OK;
  }

  private Map<String, String> documents() {
    Map<String, String> settings = workflow.settingsOnAws();
    if (account != null) {
      settings.put("yunpipe.aws.account-id", account);
    }
    if (region != null) {
      settings.put("yunpipe.aws.region", region);
    }
    return Engine.get().documents(workflow.file(), settings);
  }

  private String name() {
    if (part == null) {
      return "template";
    }
    if (part.policy != null) {
      return POLICY + part.policy;
    }
    if (part.bootstrap) {
      return "bootstrap";
    }
    return part.roles ? "roles" : "template";
  }

  private static String missing(String name, Map<String, String> documents) {
    if (documents.isEmpty()) {
      return "This backend has no templates. Leave --backend out, or use --backend aws.";
    }
    List<String> roles =
        documents.keySet().stream()
            .filter(one -> one.startsWith(POLICY))
            .map(one -> one.substring(POLICY.length()))
            .toList();
    return "This pipeline has no role '"
        + name.substring(POLICY.length())
        + "'. It has: "
        + String.join(", ", roles)
        + ".";
  }

  private static String sizes(Map<String, String> documents) {
    Table table = new Table("TEMPLATE", "RESOURCES", "BYTES");
    documents.forEach(
        (name, json) -> {
          if (!name.startsWith(POLICY)) {
            table.add(
                name,
                read(json).path("Resources").size(),
                json.getBytes(StandardCharsets.UTF_8).length);
          }
        });
    return table.toString();
  }

  private static JsonNode read(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Could not read the template", e);
    }
  }
}
