package io.yunpipe.aws.template;

import io.yunpipe.aws.template.ComputeSpec.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The roles of a pipeline and what each may do. */
public final class Permissions {
  static final String ROUTER = "router";
  static final String JOB = "job";
  static final String EXECUTION = "execution";
  static final String SCHEDULER = "scheduler";
  static final String INSTANCE = "instance";
  static final String USER = "user";
  static final String LAB = "lab";
  static final String OPERATOR = "operator";

  private static final String OF_SSM = "AmazonSSMManagedInstanceCore";
  private static final String OF_BATCH = "service-role/AmazonEC2ContainerServiceforEC2Role";

  private final StackSpec spec;
  private final DataPermissions data;
  private final StartPermissions starts;

  private Permissions(StackSpec spec) {
    this.spec = spec;
    this.data = new DataPermissions(spec);
    this.starts = new StartPermissions(spec);
  }

  /**
   * Returns the policies of all roles of a pipeline, and of the operator who sets it up, as JSON.
   *
   * @return role to policy; the roles are router, job, execution, scheduler, instance, user, lab
   *     and operator, as far as the pipeline has them
   */
  public static Map<String, String> policies(StackSpec spec) {
    Map<String, String> all = new LinkedHashMap<>();
    roles(spec)
        .forEach(
            role -> all.put(role.purpose(), Template.text(Statement.policy(role.statements()))));
    all.put(OPERATOR, Template.text(Statement.policy(operator(spec))));
    return all;
  }

  /** Returns the role of who sets the pipeline up and removes it. */
  static Role operatorRole(StackSpec spec) {
    return new Role(
        OPERATOR,
        spec.names().role(spec.account(), OPERATOR),
        "People who set the pipeline up and remove it.",
        byPeople(spec),
        List.of(),
        operator(spec));
  }

  private static Statement byPeople(StackSpec spec) {
    return Statement.trust(
        Map.of("AWS", spec.account().globalArn("iam", "root")), "sts:AssumeRole");
  }

  private static List<Statement> operator(StackSpec spec) {
    List<Statement> may = new ArrayList<>(OperatorPermissions.statements(spec));
    OperatorPermissions.ofImages(new Permissions(spec).repositories()).ifPresent(may::add);
    if (!spec.bucket().owned()) {
      may.addAll(OperatorPermissions.ofBucket(spec));
    }
    return may;
  }

  /** Returns the roles of a pipeline's stack. */
  static List<Role> roles(StackSpec spec) {
    return new Permissions(spec).all();
  }

  private List<Role> all() {
    List<Role> all = new ArrayList<>();
    all.add(router());
    all.add(scheduler());
    Engine engine = spec.compute().engine();
    if (engine != Engine.EC2_SSM) {
      all.add(job());
      all.add(execution());
    }
    if (engine == Engine.EC2_SSM) {
      all.add(
          role(
              INSTANCE,
              "Machines that run the worker.",
              service("ec2"),
              List.of(policyOfAws(OF_SSM)),
              machine()));
    } else if (spec.compute().machines()) {
      all.add(
          role(
              INSTANCE,
              "Machines that AWS Batch starts; what runs on them has the role of jobs.",
              service("ec2"),
              List.of(policyOfAws(OF_BATCH)),
              List.of()));
    }
    all.add(
        role(USER, "People who submit, watch and download.", byPeople(spec), List.of(), user()));
    if (!spec.labs().isEmpty()) {
      all.add(lab());
    }
    return all;
  }

  private Role router() {
    List<Statement> may = concat(data.router(), starts.statements());
    may.addAll(starts.ends());
    may.add(logs(Statement.allow("Logs", LOG, List.of())));
    may.add(tell());
    return role(
        ROUTER,
        "The function that turns uploads into runs and sees to it that they go on.",
        // Lambda is not documented to name the function when it takes a function's role.
        service("lambda").when("StringEquals", "aws:SourceAccount", spec.account().id()),
        List.of(),
        may);
  }

  /** Who waits for a run may be the first to see that it ended, and tells so. */
  private List<Statement> user() {
    List<Statement> may = concat(data.user(), starts.statements());
    may.add(tell());
    return may;
  }

  private Statement tell() {
    return Statement.allow(
        "Tell", List.of("sns:Publish"), List.of(spec.names().topicArn(spec.account())));
  }

  private Role scheduler() {
    return role(
        SCHEDULER,
        "Calls the router each minute.",
        service("scheduler")
            .when("StringEquals", "aws:SourceAccount", spec.account().id())
            .when(
                "ArnEquals",
                "aws:SourceArn",
                spec.account().arn("scheduler", "schedule-group/" + spec.names().stack())),
        List.of(),
        List.of(
            Statement.allow(
                "Tick",
                List.of("lambda:InvokeFunction"),
                List.of(
                    spec.account().arn("lambda", "function:" + spec.names().router() + ":live")))));
  }

  private Role job() {
    return role(JOB, "Workers, and whatever their jobs run.", task(), List.of(), data.job());
  }

  private Role execution() {
    List<Statement> may = new ArrayList<>();
    may.add(logs(Statement.allow("Logs", LOG, List.of())));
    may.addAll(images());
    if (spec.stages().stream().anyMatch(stage -> spec.credentials(stage) != null)) {
      may.add(
          Statement.allow(
              "SignInToRegistry",
              List.of("secretsmanager:GetSecretValue"),
              List.of(spec.compute().registrySecret())));
    }
    return role(
        EXECUTION,
        "What starts containers: fetches images, writes log lines.",
        task(),
        List.of(),
        may);
  }

  /** Returns what fetching the stages' images needs. */
  private List<Statement> images() {
    List<String> repositories = repositories();
    return repositories.isEmpty()
        ? List.of()
        : List.of(
            Statement.allow(
                "Images",
                List.of(
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:GetDownloadUrlForLayer"),
                repositories),
            // The service has no names for this one.
            Statement.allow("SignInToImages", List.of("ecr:GetAuthorizationToken"), List.of("*")));
  }

  /** Returns the repositories of ECR that the stages' images are in. */
  private List<String> repositories() {
    return spec.stages().stream()
        .flatMap(stage -> EcrImage.of(spec.image(stage)).stream())
        .map(image -> image.arn(spec.account().partition()))
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * A machine runs the worker itself, so its role is that of jobs; and it fetches the program and
   * images.
   */
  private List<Statement> machine() {
    List<Statement> may = new ArrayList<>(data.job());
    may.add(
        Statement.allow(
            "Program",
            List.of("s3:GetObject"),
            List.of(
                DataPermissions.bucketArn(spec.account(), spec.router().bucket())
                    + "/"
                    + programs())));
    may.addAll(images());
    return may;
  }

  /** Roles that are made once have to be right for programs that come later. */
  private String programs() {
    String key = spec.router().key();
    return spec.ownRoles() ? key : key.substring(0, key.lastIndexOf('/') + 1) + "*";
  }

  /**
   * One policy for all labs: the tag of who takes the role is the folder. Only who has the tag can
   * give it to the session.
   */
  private Role lab() {
    return role(
        LAB,
        "People of a lab, each with a tag lab: they see and fill their own folder.",
        Statement.trust(
                Map.of("AWS", spec.account().globalArn("iam", "root")),
                "sts:AssumeRole",
                "sts:TagSession")
            .when("StringEquals", "aws:RequestTag/lab", "${aws:PrincipalTag/lab}")
            .when("StringLike", "aws:RequestTag/lab", List.copyOf(spec.labs()))
            .when("ForAllValues:StringEquals", "aws:TagKeys", List.of("lab")),
        List.of(),
        data.lab());
  }

  private static final List<String> LOG = List.of("logs:CreateLogStream", "logs:PutLogEvents");

  private Statement logs(Statement statement) {
    String group = spec.account().arn("logs", "log-group:" + spec.names().logGroup());
    return Statement.allow(statement.sid(), statement.actions(), List.of(group + ":*"));
  }

  private Statement task() {
    return service("ecs-tasks")
        .when("StringEquals", "aws:SourceAccount", spec.account().id())
        .when("ArnLike", "aws:SourceArn", spec.account().arn("ecs", "*"));
  }

  private static Statement service(String name) {
    return Statement.trust(Map.of("Service", name + ".amazonaws.com"), "sts:AssumeRole");
  }

  private String policyOfAws(String name) {
    return policyOfAws(spec.account(), name);
  }

  private static String policyOfAws(Account account, String name) {
    return "arn:" + account.partition() + ":iam::aws:policy/" + name;
  }

  /** Returns the policies of AWS that roles may have. */
  static List<String> policiesOfAws(Account account) {
    return List.of(policyOfAws(account, OF_SSM), policyOfAws(account, OF_BATCH));
  }

  private Role role(
      String purpose,
      String description,
      Statement trust,
      List<String> managed,
      List<Statement> statements) {
    return new Role(
        purpose,
        spec.names().role(spec.account(), purpose),
        description,
        trust,
        managed,
        statements);
  }

  private static List<Statement> concat(List<Statement> some, List<Statement> others) {
    List<Statement> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
