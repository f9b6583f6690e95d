package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.CleanUp;
import io.yunpipe.ConfigurationException;
import io.yunpipe.SetUp;
import io.yunpipe.SetUp.Action;
import io.yunpipe.SetUp.Change;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.stack.Blueprint.Given;
import io.yunpipe.aws.stack.Blueprint.Network;
import io.yunpipe.aws.stack.Blueprint.Stored;
import io.yunpipe.aws.stack.StackChange.Result;
import io.yunpipe.aws.template.Account;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.aws.template.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The life of a pipeline's stack. Each step looks at what is there and does what is missing, so it
 * does not matter who did what before, or was killed doing it. Thread-safe.
 */
public final class StackLife {
  /** The tag that says whose something is. */
  static final String TAG = Tags.STACK;

  /** Ends the fingerprint of a stack whose bucket is not its own. */
  private static final String SHARED = "-shared";

  private final Cloud cloud;
  private final Blueprint blueprint;
  private final ToLongFunction<String> messages;
  private final CloudFormation stacks;
  private final StackNames names;
  private @Nullable Account account;
  private boolean ready;
  private Map<String, String> images = Map.of();

  /**
   * Creates it. Touches no network.
   *
   * @param messages returns how many messages a queue has
   */
  public StackLife(Cloud cloud, Blueprint blueprint, ToLongFunction<String> messages) {
    this.cloud = cloud;
    this.blueprint = blueprint;
    this.messages = messages;
    this.stacks = cloud.cloudFormation();
    this.names = blueprint.names();
  }

  /** Returns the account of the credentials; asks once. */
  public synchronized Account account() {
    if (account == null) {
      account = Caller.account(cloud.sts(), cloud.region());
    }
    return account;
  }

  /** Returns a stage's image with its digest, as init saw it; empty before, or if it could not. */
  public synchronized Optional<String> image(String stage) {
    return Optional.ofNullable(images.get(stage)).filter(image -> image.indexOf('@') > 0);
  }

  /** Returns the bucket of the data. */
  public String bucket() {
    return blueprint.bucket().isEmpty() ? names.bucket(account()) : blueprint.bucket();
  }

  /** Returns whether the bucket of the data is there. */
  public boolean hasBucket() {
    return cloud.buckets().exists(bucket());
  }

  private StackWait waiting() {
    return new StackWait(stacks, cloud.pause(), cloud.clock());
  }

  private StackChange change(String stack, Map<String, String> tags) {
    return new StackChange(
        stacks, waiting(), cloud.pause(), new Guard(messages), this::upload, tags, stack);
  }

  private StackChange change() {
    return change(names.stack(), tags(names.stack()));
  }

  private Map<String, String> tags(String stack) {
    // All resources would get the stack's tags, and some would be replaced if those changed; the
    // template has them where they do no harm.
    return Map.of(TAG, stack);
  }

  private String upload(String template) {
    return new Artifacts(cloud, names.artifacts(account())).template(template);
  }

  /** Returns the fingerprint of all that the stack is made from; no call is needed to know it. */
  private String fingerprint(Preflight.Inputs inputs) {
    Account nowhere = new Account("aws", "0".repeat(12), cloud.region());
    return StackTemplate.fingerprint(
        blueprint.template(
            new Given(
                nowhere,
                blueprint.bucket().isEmpty() ? names.bucket(nowhere) : blueprint.bucket(),
                blueprint.bucket().isEmpty(),
                new Network("", blueprint.compute().subnets(), false),
                program(nowhere, inputs.program()),
                inputs.images())));
  }

  private Stored program(Account where, Program program) {
    return new Stored(names.artifacts(where), Artifacts.key(program), program.sha256());
  }

  private static Optional<String> complete(Optional<StackView> view, String fingerprint) {
    return view.filter(stack -> stack.state() == StackState.COMPLETE)
        .map(StackView::content)
        .filter(content -> content.equals(fingerprint) || content.equals(fingerprint + SHARED));
  }

  /**
   * Makes what is missing and changes what is not as it should be.
   *
   * @return whether all is there now; {@code false} if the listener refused
   */
  public boolean init(SetUpListener listener) {
    Preflight preflight = new Preflight(cloud, blueprint);
    Preflight.Inputs inputs = preflight.inputs(listener);
    synchronized (this) {
      images = Map.copyOf(inputs.images());
    }
    String fingerprint = fingerprint(inputs);
    Optional<String> there = complete(stacks.describe(names.stack()), fingerprint);
    boolean agreed =
        there.isPresent()
            ? !there.get().endsWith(SHARED) || listen(listener)
            : setUp(preflight, inputs, fingerprint, listener);
    synchronized (this) {
      ready = agreed;
    }
    return agreed;
  }

  private boolean setUp(
      Preflight preflight, Preflight.Inputs inputs, String fingerprint, SetUpListener listener) {
    Network network = preflight.network(account(), listener);
    boolean there = bucketIsThere();
    Optional<StackView> view = new StackRest(stacks, waiting()).reach(names.stack(), listener);
    boolean own = ownBucket(there, view);
    if (change(names.bootstrap(), tags(names.bootstrap())).apply(bootstrap(), listener)
        == Result.REFUSED) {
      return false;
    }
    new Artifacts(cloud, names.artifacts(account())).program(inputs.program(), listener);
    new ServiceRoles(cloud.iam(account())).ensure(blueprint.compute(), listener);
    StackTemplate template = template(inputs, network, own, fingerprint);
    if (change().apply(template, listener) == Result.REFUSED) {
      return false;
    }
    return own || listen(listener);
  }

  private StackTemplate bootstrap() {
    return StackTemplate.of(blueprint.bootstrap(account()));
  }

  private StackTemplate template(
      Preflight.Inputs inputs, Network network, boolean own, String fingerprint) {
    String json =
        blueprint.template(
            new Given(
                account(),
                bucket(),
                own,
                network,
                program(account(), inputs.program()),
                inputs.images()));
    return new StackTemplate(json, own ? fingerprint : fingerprint + SHARED);
  }

  private boolean bucketIsThere() {
    boolean there = hasBucket();
    if (!there && !blueprint.bucket().isEmpty()) {
      throw new ConfigurationException(
          "of the backend aws",
          List.of(
              "yunpipe.aws.bucket: there is no bucket "
                  + bucket()
                  + ". Make it, or leave the setting empty and the stack makes one"));
    }
    return there;
  }

  /** Decides whether the stack has, or makes, the bucket. Looked for before the stack was. */
  private boolean ownBucket(boolean there, Optional<StackView> view) {
    if (!blueprint.bucket().isEmpty()) {
      return false;
    }
    if (view.isPresent() && view.get().state().usable()) {
      return !there || stackHasBucket();
    }
    if (!there) {
      return true;
    }
    if (!names.stack().equals(cloud.buckets().tags(bucket()).get(TAG))) {
      throw new ConfigurationException(
          "of the backend aws",
          List.of(
              "bucket "
                  + bucket()
                  + " is there already, and no tag "
                  + TAG
                  + " = "
                  + names.stack()
                  + " says that it is this pipeline's. To use it as it is, set yunpipe.aws.bucket"
                  + " to its name; else remove it, or give the pipeline another name"));
    }
    return false;
  }

  private boolean stackHasBucket() {
    return stacks.resources(names.stack()).stream()
        .anyMatch(resource -> resource.physical().equals(bucket()));
  }

  private Notification notification() {
    String prefix = blueprint.prefix();
    String folder = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    return new Notification(
        names.stack(),
        account().arn("sqs", names.ingress()),
        folder + "inbox/" + names.pipeline() + "/");
  }

  /** Sees to it that a bucket which is not the stack's tells the pipeline of uploads. */
  private boolean listen(SetUpListener listener) {
    Buckets buckets = cloud.buckets();
    Notification notification = notification();
    if (notification.in(buckets.notification(bucket()))) {
      return true;
    }
    if (!listener.approve(new SetUp(names.stack(), List.of(listening(notification))))) {
      return false;
    }
    listener.step("Telling bucket " + bucket() + " to send events to " + notification.queue());
    notification.put(buckets, bucket());
    return true;
  }

  private Change listening(Notification notification) {
    return new Change(
        Action.CHANGE,
        "AWS::S3::Bucket",
        bucket(),
        "tells " + notification.queue() + " of new objects below " + notification.prefix());
  }

  /** Returns what {@link #init} would change. Leaves nothing behind. */
  public SetUp preview() {
    Preflight preflight = new Preflight(cloud, blueprint);
    Preflight.Inputs inputs = preflight.inputs(SetUpListener.none());
    String fingerprint = fingerprint(inputs);
    Optional<StackView> view = stacks.describe(names.stack());
    Optional<String> done = complete(view, fingerprint);
    List<Change> changes = new ArrayList<>();
    boolean own;
    if (done.isPresent()) {
      own = !done.get().endsWith(SHARED);
    } else {
      Network network = preflight.network(account(), SetUpListener.none());
      own = ownBucket(bucketIsThere(), view);
      changes.addAll(
          change(names.bootstrap(), tags(names.bootstrap())).preview(bootstrap()).changes());
      changes.addAll(change().preview(template(inputs, network, own, fingerprint)).changes());
    }
    if (!own && !notification().in(cloud.buckets().notification(bucket()))) {
      changes.add(listening(notification()));
    }
    return new SetUp(names.stack(), changes);
  }

  /**
   * Sees that the stack is complete; one look, remembered.
   *
   * @throws BackendException if it is not
   */
  public synchronized void ready() {
    if (ready) {
      return;
    }
    Optional<StackView> view = stacks.describe(names.stack());
    StackState state = view.map(StackView::state).orElse(StackState.ABSENT);
    String trouble =
        switch (state) {
          case ABSENT, REVIEWED, DELETING -> "is not set up";
          case COMPLETE, ROLLED_BACK ->
              view.get().content().startsWith(StackTemplate.PARKED) ? "is parked" : "";
          case IN_PROGRESS -> "is being set up or changed (" + view.get().status() + ")";
          case FAILED, STUCK, DELETE_FAILED -> "is in status " + view.get().status();
        };
    if (!trouble.isEmpty()) {
      throw new BackendException(
          "Pipeline "
              + names.pipeline()
              + " "
              + trouble
              + " on AWS: stack "
              + names.stack()
              + " in "
              + cloud.region()
              + ". Run yunpipe init FILE, or Pipeline.init().",
          state == StackState.IN_PROGRESS,
          null);
    }
    ready = true;
  }

  /**
   * Switches off what starts work, then ends what works.
   *
   * @param workers ends workers
   */
  public void park(Runnable workers, SetUpListener listener) {
    synchronized (this) {
      ready = false;
    }
    Optional<StackView> view = waiting().settled(names.stack(), listener);
    if (view.isEmpty() || !view.get().state().usable()) {
      listener.step("Nothing to park: stack " + names.stack() + " is not set up");
      return;
    }
    if (!view.get().content().startsWith(StackTemplate.PARKED)) {
      StackTemplate now = new StackTemplate(stacks.template(names.stack()), view.get().content());
      if (change().apply(now.parked(), listener) == Result.REFUSED) {
        return;
      }
    }
    listener.step("Ending workers of " + names.stack());
    workers.run();
  }

  /**
   * Removes the stack and what belongs to it, then looks at what is left.
   *
   * @param data whether the bucket goes as well, if it is the pipeline's
   * @param workers ends workers
   */
  public CleanUp remove(boolean data, Runnable workers, SetUpListener listener) {
    synchronized (this) {
      ready = false;
    }
    return new StackRemoval(this, cloud, stacks, waiting(), blueprint)
        .remove(data, workers, listener);
  }

  /** Returns the template of the roles alone. */
  public String roles() {
    return blueprint.roles(account());
  }

  /**
   * Makes the roles alone, in a stack of their own, or changes them.
   *
   * @return whether they are there now; {@code false} if the listener refused
   */
  public boolean createRoles(SetUpListener listener) {
    String stack = names.rolesStack();
    seeThatNoRolesAreInThePipelinesStack(stack);
    Optional<StackView> unused = new StackRest(stacks, waiting()).reach(stack, listener);
    return change(stack, tags(stack)).apply(StackTemplate.of(roles()), listener) != Result.REFUSED;
  }

  private void seeThatNoRolesAreInThePipelinesStack(String roles) {
    if (stacks.describe(names.stack()).isPresent()
        && stacks.resources(names.stack()).stream()
            .anyMatch(resource -> resource.type().equals("AWS::IAM::Role"))) {
      throw new ConfigurationException(
          "of the backend aws",
          List.of(
              "stack "
                  + names.stack()
                  + " makes the pipeline's roles itself, and stack "
                  + roles
                  + " cannot make them a second time. Keep it so; or remove it with yunpipe clean-up"
                  + " (the bucket stays), then run this again, set yunpipe.aws.create-roles = false"
                  + " and run yunpipe init"));
    }
  }

  /** Removes our entry from a bucket that is there. */
  boolean deafen(Buckets buckets) {
    return notification().remove(buckets, bucket());
  }
}
