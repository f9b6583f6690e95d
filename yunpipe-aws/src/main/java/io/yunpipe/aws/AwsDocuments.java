package io.yunpipe.aws;

import io.yunpipe.ConfigurationException;
import io.yunpipe.aws.template.Account;
import io.yunpipe.aws.template.BootstrapTemplate;
import io.yunpipe.aws.template.Permissions;
import io.yunpipe.aws.template.PipelineTemplate;
import io.yunpipe.aws.template.RolesTemplate;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.aws.template.StackSpec;
import io.yunpipe.spi.BackendContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Templates and policies to read; made without asking AWS for anything. */
final class AwsDocuments {
  /** Stands for the account where it is not known. */
  private static final String NO_ACCOUNT = "000000000000";

  /** Stands for the program's checksum, which only {@code init} knows. */
  private static final String NO_PROGRAM = "0".repeat(64);

  private AwsDocuments() {}

  /**
   * Returns the documents by name: {@code template}, {@code bootstrap}, {@code roles}, and {@code
   * policy/<role>} for each role.
   *
   * @throws ConfigurationException if a stage could not run, or the settings have no stack
   */
  static Map<String, String> of(AwsSettings settings, BackendContext context, String region) {
    StackSpecs.needStack(settings, "is no template");
    StackSpec spec = spec(settings, context, region);
    Map<String, String> all = new LinkedHashMap<>();
    all.put("template", PipelineTemplate.of(spec).check().json());
    all.put("bootstrap", BootstrapTemplate.of(spec.names(), spec.account()).check().json());
    all.put("roles", RolesTemplate.of(spec).check().json());
    Permissions.policies(spec).forEach((role, policy) -> all.put("policy/" + role, policy));
    return all;
  }

  private static StackSpec spec(AwsSettings settings, BackendContext context, String region) {
    Account account =
        new Account(partition(region), account(context.settings().get("account-id")), region);
    return StackSpecs.of(
        settings,
        context.pipeline(),
        context.stages(),
        account,
        StackSpecs.Network.of(settings),
        new StackSpec.RouterProgram(
            new StackNames(settings.queuePrefix(), context.pipeline()).artifacts(account),
            "programs/" + NO_PROGRAM + ".jar",
            NO_PROGRAM,
            settings.cloud().routerMemoryMib()),
        false);
  }

  private static String account(@Nullable String setting) {
    if (setting == null || setting.isBlank()) {
      return NO_ACCOUNT;
    }
    String digits = setting.strip().replace("-", "");
    if (!digits.matches("\\d{12}")) {
      throw new ConfigurationException(
          "of the backend aws",
          List.of("yunpipe.aws.account-id: expected twelve digits, but found \"" + setting + "\""));
    }
    return digits;
  }

  private static String partition(String region) {
    return region.startsWith("cn-")
        ? "aws-cn"
        : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  }
}
