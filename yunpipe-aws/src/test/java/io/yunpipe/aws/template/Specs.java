package io.yunpipe.aws.template;

import io.yunpipe.Resources;
import io.yunpipe.aws.template.ComputeSpec.Architecture;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.spi.StageNeeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Specifications of stacks for tests. */
final class Specs {
  static final Account ACCOUNT = new Account("aws", "123456789012", "eu-west-1");
  static final StackNames NAMES = new StackNames("yunpipe-", "edges");
  static final String IMAGE =
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/yunpipe-images@sha256:" + "ab".repeat(32);

  final String name;
  Engine engine = Engine.BATCH;
  Capacity capacity = Capacity.FARGATE;
  Architecture architecture = Architecture.X86_64;
  boolean owned = true;
  boolean parked;
  boolean ownRoles = true;
  boolean publicIp = true;
  String prefix = "";
  String vpc = "";
  String boundary = "";
  Set<String> labs = Set.of();
  Set<String> mails = Set.of();
  Map<String, String> tags = Map.of();
  List<String> subnets = List.of("subnet-0123456789abcdef0", "subnet-0123456789abcdef1");
  List<String> groups = List.of();
  List<String> types = List.of();
  List<StageNeeds> stages = stages(1);
  String program = "cd".repeat(32);

  Specs(String name) {
    this.name = name;
  }

  static Specs of(Engine engine, Capacity capacity) {
    Specs specs =
        new Specs((engine + "-" + capacity).toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    specs.engine = engine;
    specs.capacity = capacity;
    return specs;
  }

  static List<StageNeeds> stages(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new StageNeeds(
                    count == 1 ? "detect" : "stage-" + i,
                    IMAGE,
                    null,
                    Resources.of(1, 2000),
                    null,
                    null))
        .toList();
  }

  static StageNeeds stage(String name, Resources resources) {
    return new StageNeeds(name, IMAGE, null, resources, null, null);
  }

  StackSpec spec() {
    return new StackSpec(
        NAMES,
        ACCOUNT,
        new StackSpec.Bucket(owned ? NAMES.bucket(ACCOUNT) : "my-lab", prefix, owned),
        Duration.ofSeconds(60),
        20,
        new ComputeSpec(
            engine,
            capacity,
            architecture,
            100,
            types,
            vpc,
            subnets,
            groups,
            publicIp,
            "",
            Duration.ofHours(24),
            ""),
        stages,
        new StackSpec.RouterProgram(
            NAMES.artifacts(ACCOUNT), "programs/" + program + ".jar", program, 1024),
        mails,
        labs,
        30,
        ownRoles,
        boundary,
        tags,
        parked);
  }

  /** Returns the templates that are linted and compared, by name. */
  static Map<String, Template> matrix() {
    Map<String, Template> all = new LinkedHashMap<>();
    specs().forEach(specs -> all.put(specs.name, PipelineTemplate.of(specs.spec())));
    all.put("roles", RolesTemplate.of(of(Engine.BATCH, Capacity.EC2).spec()));
    all.put("bootstrap", BootstrapTemplate.of(NAMES, ACCOUNT));
    return all;
  }

  private static List<Specs> specs() {
    List<Specs> all = new ArrayList<>();
    all.add(of(Engine.BATCH, Capacity.FARGATE));
    all.add(of(Engine.BATCH, Capacity.FARGATE_SPOT));
    all.add(of(Engine.BATCH, Capacity.EC2));
    all.add(of(Engine.BATCH, Capacity.SPOT));
    all.add(of(Engine.ECS, Capacity.FARGATE));
    all.add(of(Engine.ECS, Capacity.FARGATE_SPOT));
    all.add(of(Engine.EC2_SSM, Capacity.EC2));
    all.add(of(Engine.EC2_SSM, Capacity.SPOT));
    for (Engine engine : Engine.values()) {
      Capacity capacity = engine == Engine.EC2_SSM ? Capacity.EC2 : Capacity.FARGATE;
      for (int count : engine == Engine.BATCH ? List.of(5, 50) : List.of(5)) {
        Specs many = of(engine, capacity).named("-" + count + "-stages");
        many.stages = stages(count);
        all.add(many);
      }
    }
    Specs parked = of(Engine.BATCH, Capacity.FARGATE).named("-parked");
    parked.parked = true;
    all.add(parked);
    Specs given = of(Engine.BATCH, Capacity.FARGATE).named("-given");
    given.owned = false;
    given.ownRoles = false;
    given.prefix = "team-a/";
    given.groups = List.of("sg-0123456789abcdef0");
    given.publicIp = false;
    all.add(given);
    Specs labs = of(Engine.ECS, Capacity.FARGATE_SPOT).named("-labs");
    labs.labs = Set.of("lab1", "lab-2");
    labs.mails = Set.of("someone@example.org");
    labs.tags = Map.of("grant", "42");
    labs.boundary = "arn:aws:iam::123456789012:policy/bounds";
    labs.vpc = "vpc-0123456789abcdef0";
    labs.architecture = Architecture.ARM64;
    all.add(labs);
    Specs gpu = of(Engine.BATCH, Capacity.SPOT).named("-gpu");
    gpu.stages =
        List.of(
            stage("train", new Resources(4, 16_000, 100_000, 1)),
            stage("plot", Resources.of(0.5, 0)));
    all.add(gpu);
    Specs machine = of(Engine.EC2_SSM, Capacity.SPOT).named("-commands");
    machine.stages =
        List.of(new StageNeeds("detect", null, null, Resources.of(2, 3000), null, "c7i.xlarge"));
    machine.subnets = List.of();
    machine.prefix = "team-a/";
    all.add(machine);
    Specs printed = of(Engine.BATCH, Capacity.FARGATE).named("-printed");
    printed.subnets = List.of();
    printed.stages = List.of(stage("detect", new Resources(2, 9000, 60_000, 0)));
    all.add(printed);
    return all;
  }

  private Specs named(String more) {
    Specs specs = new Specs(name + more);
    specs.engine = engine;
    specs.capacity = capacity;
    return specs;
  }
}
