package io.yunpipe.aws;

import io.yunpipe.aws.stack.Blueprint;
import io.yunpipe.aws.stack.Program;
import io.yunpipe.aws.template.Account;
import io.yunpipe.aws.template.BootstrapTemplate;
import io.yunpipe.aws.template.ComputeSpec;
import io.yunpipe.aws.template.PipelineTemplate;
import io.yunpipe.aws.template.RolesTemplate;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.aws.template.StackSpec;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.StageNeeds;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a pipeline wants of AWS, from its settings and stages. */
final class PipelineBlueprint implements Blueprint {
  private final AwsSettings settings;
  private final BackendContext context;

  PipelineBlueprint(AwsSettings settings, BackendContext context) {
    this.settings = settings;
    this.context = context;
  }

  @Override
  public StackNames names() {
    return AwsBackend.names(settings, context);
  }

  @Override
  public ComputeSpec compute() {
    return StackSpecs.compute(
        settings, new StackSpecs.Network("", settings.cloud().subnets(), false));
  }

  @Override
  public Optional<Boolean> publicIp() {
    return settings.cloud().publicIp();
  }

  @Override
  public List<StageNeeds> stages() {
    return context.stages();
  }

  @Override
  public String bucket() {
    return settings.bucket();
  }

  @Override
  public String prefix() {
    return settings.prefix();
  }

  @Override
  public Program program() {
    return Program.of(settings.cloud().programs());
  }

  @Override
  public String template(Given given) {
    StackSpec spec =
        StackSpecs.of(
            settings,
            context.pipeline(),
            stages().stream().map(stage -> pinned(stage, given.images())).toList(),
            given.account(),
            new StackSpecs.Network(
                given.network().vpc(), given.network().subnets(), given.network().publicIp()),
            new StackSpec.RouterProgram(
                given.program().bucket(),
                given.program().key(),
                given.program().sha256(),
                settings.cloud().routerMemoryMib()),
            false);
    return PipelineTemplate.of(
            spec.withBucket(
                new StackSpec.Bucket(given.bucket(), settings.prefix(), given.ownBucket())))
        .check()
        .json();
  }

  private static StageNeeds pinned(StageNeeds stage, Map<String, String> images) {
    return new StageNeeds(
        stage.name(),
        images.getOrDefault(stage.name(), stage.image()),
        stage.function(),
        stage.resources(),
        stage.timeout(),
        stage.instanceType());
  }

  @Override
  public String roles(Account account) {
    String programs = names().artifacts(account);
    StackSpec spec =
        StackSpecs.of(
            settings,
            context.pipeline(),
            stages(),
            account,
            StackSpecs.Network.of(settings),
            // Roles name the folder of programs only.
            new StackSpec.RouterProgram(
                programs, "programs/any.jar", "", settings.cloud().routerMemoryMib()),
            false);
    return RolesTemplate.of(spec).check().json();
  }

  @Override
  public String bootstrap(Account account) {
    return BootstrapTemplate.of(names(), account).check().json();
  }
}
