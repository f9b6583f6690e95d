package io.yunpipe.aws.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.aws.template.ComputeSpec.Engine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegistrySecretTest {
  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  @ParameterizedTest
  @EnumSource(names = {"BATCH", "ECS"})
  void secret_isForImagesOfOtherRegistriesOnly(Engine engine) {
    Specs specs = Specs.elsewhere(engine);
    String json = PipelineTemplate.of(specs.spec()).json();
    assertThat(count(json, "\"RepositoryCredentials\":{\"CredentialsParameter\":\"" + specs.secret))
        .isEqualTo(1);
    assertThat(count(json, "secretsmanager:GetSecretValue")).isEqualTo(1);
    specs.secret = "";
    assertThat(PipelineTemplate.of(specs.spec()).json())
        .doesNotContain("RepositoryCredentials", "secretsmanager");
    Specs onlyOwn = Specs.elsewhere(engine);
    onlyOwn.stages = onlyOwn.stages.subList(0, 1);
    assertThat(PipelineTemplate.of(onlyOwn.spec()).json())
        .doesNotContain("RepositoryCredentials", "secretsmanager");
  }
}
