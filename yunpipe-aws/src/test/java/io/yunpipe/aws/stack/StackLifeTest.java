package io.yunpipe.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.CleanUp;
import io.yunpipe.ConfigurationException;
import io.yunpipe.SetUp;
import io.yunpipe.SetUp.Action;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.http.TestProxy;
import io.yunpipe.aws.http.XmlNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sets up, changes, parks and removes stacks of an emulator. What it does not do (queue policies,
 * alarms, rollback, work that takes time) is said by the proxy before it.
 */
class StackLifeTest {
  @TempDir static Path folder;

  private static ProxiedCloud aws;
  private static CallProxy proxy;
  private static Cloud cloud;

  private final SmallBlueprint blueprint =
      SmallBlueprint.of("p" + UUID.randomUUID().toString().substring(0, 8));
  private final SaidSteps said = new SaidSteps(true);
  private final List<String> stopped = new ArrayList<>();
  private long messages;

  @BeforeAll
  static void start() throws IOException {
    aws = ProxiedCloud.start(folder);
    proxy = aws.proxy();
    cloud = aws.cloud();
    // What all pipelines share is there in all tests but the one that looks at it.
    new StackLife(cloud, SmallBlueprint.of("first"), queue -> 0).init(SetUpListener.none());
  }

  @AfterAll
  static void stop() {
    if (aws != null) {
      aws.close();
    }
  }

  @BeforeEach
  void forget() {
    proxy.forget();
  }

  private StackLife life(Blueprint of) {
    return new StackLife(cloud, of, queue -> messages);
  }

  private StackLife life() {
    return life(blueprint);
  }

  private String stack() {
    return blueprint.names().stack();
  }

  private StackView view() {
    return cloud.cloudFormation().describe(stack()).orElseThrow();
  }

  private CleanUp remove(boolean data) {
    return life().remove(data, () -> stopped.add("workers"), said);
  }

  private boolean bucketIsThere() {
    return cloud.buckets().exists(life().bucket());
  }

  @Test
  void init_first_makesWhatItShowedBefore() {
    SetUp preview = life().preview();
    assertThat(preview.name()).isEqualTo(stack());
    assertThat(preview.changes())
        .allMatch(change -> change.action() == Action.CREATE)
        .extracting(SetUp.Change::name)
        .contains(life().bucket(), blueprint.names().ingress());
    assertThat(cloud.cloudFormation().describe(stack())).isEmpty();
    assertThat(proxy.calls()).doesNotContain("CreateChangeSet", "PUT object");

    assertThat(life().init(said)).isTrue();
    assertThat(said.asked).containsExactly(preview);
    assertThat(view().state()).isEqualTo(StackState.COMPLETE);
    assertThat(bucketIsThere()).isTrue();
    life().ready();
  }

  @Test
  void init_again_isOneLook() {
    life().init(said);
    proxy.forget();
    assertThat(life().init(new SaidSteps(false))).isTrue();
    assertThat(proxy.calls()).containsExactly("DescribeStacks");
    assertThat(life().preview().changes()).isEmpty();
  }

  @Test
  void init_refused_leavesNothing() {
    assertThat(life().init(new SaidSteps(false))).isFalse();
    assertThat(cloud.cloudFormation().describe(stack())).isEmpty();
    life().init(said);
    StackView before = view();
    assertThat(life(blueprint.visibility(90)).init(new SaidSteps(false))).isFalse();
    assertThat(view()).isEqualTo(before);
    assertThat(proxy.calls()).contains("DeleteChangeSet");
  }

  @Test
  void init_changed_changesOnlyThat() {
    life().init(said);
    SmallBlueprint changed =
        blueprint.stages(
            SmallBlueprint.stage("edges", "busybox:1"), SmallBlueprint.stage("sum", "busybox:1"));
    SetUp preview = life(changed).preview();
    assertThat(preview.changes())
        .anySatisfy(
            change -> {
              assertThat(change.action()).isEqualTo(Action.CREATE);
              assertThat(change.name()).isEqualTo("Qsum");
            });
    assertThat(proxy.calls()).contains("DeleteChangeSet");
    assertThat(life(changed).init(said)).isTrue();
    assertThat(view().status()).isEqualTo("UPDATE_COMPLETE");
    proxy.forget();
    life(changed).init(said);
    assertThat(proxy.calls()).containsExactly("DescribeStacks");
  }

  @Test
  void init_withLargeTemplate_sendsItThroughTheBucket() {
    assertThat(life(blueprint.padding(60_000)).init(said)).isTrue();
    assertThat(view().state()).isEqualTo(StackState.COMPLETE);
    assertThat(proxy.calls()).contains("PUT object");
  }

  @Test
  void change_thatReplacesTheBucket_isRefusedWithWhatAndWhatToDo() {
    life().init(said);
    proxy.next(
        "DescribeChangeSet",
        CallProxy.changed(
            xml ->
                xml.replaceFirst(
                    "(?s)<Changes>.*</Changes>",
                    change("Modify", "True", "AWS::S3::Bucket", "my-data"))));
    assertThatThrownBy(() -> life(blueprint.visibility(90)).init(said))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("replace AWS::S3::Bucket my-data")
        .hasMessageContaining("holds the data")
        .hasMessageContaining("another name");
    assertThat(proxy.calls()).contains("DeleteChangeSet").containsOnlyOnce("ExecuteChangeSet");
    assertThat(view().status()).isEqualTo("CREATE_COMPLETE");
  }

  @Test
  void stage_removed_isRefusedWhileItsQueueHasMessages() {
    SmallBlueprint two =
        blueprint.stages(
            SmallBlueprint.stage("edges", "busybox:1"), SmallBlueprint.stage("sum", "busybox:1"));
    life(two).init(said);
    messages = 3;
    assertThatThrownBy(() -> life().init(said))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("remove AWS::SQS::Queue")
        .hasMessageContaining("3 messages");
    messages = 0;
    assertThat(life().init(said)).isTrue();
  }

  private static String change(String action, String replacement, String type, String physical) {
    return "<Changes><member><Type>Resource</Type><ResourceChange><Action>%s</Action>"
            .formatted(action)
        + "<LogicalResourceId>Data</LogicalResourceId>"
        + "<PhysicalResourceId>%s</PhysicalResourceId><ResourceType>%s</ResourceType>"
            .formatted(physical, type)
        + "<Replacement>%s</Replacement></ResourceChange></member></Changes>"
            .formatted(replacement);
  }

  /** Lets the next look at the stack see a status, as long work or a failure leaves it. */
  private static TestProxy.Fault status(String status) {
    return CallProxy.changed(
        xml ->
            xml.replaceFirst(
                "<StackStatus>[A-Z_]*</StackStatus>", "<StackStatus>" + status + "</StackStatus>"));
  }

  @Test
  void init_whileTheStackIsBusy_waitsAndTellsEvents() {
    life().init(said);
    proxy.next(
        "DescribeStacks",
        status("UPDATE_IN_PROGRESS"),
        status("UPDATE_IN_PROGRESS"),
        status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
    said.steps.clear();
    assertThat(life(blueprint.visibility(90)).init(said)).isTrue();
    assertThat(said.steps).anyMatch(step -> step.contains("CREATE_COMPLETE"));
    assertThat(view().status()).isEqualTo("UPDATE_COMPLETE");
  }

  @Test
  void init_ofAStackThatCouldNotBeMade_deletesItFirst() {
    life().init(said);
    proxy.next(
        "DescribeStacks",
        status("ROLLBACK_COMPLETE"),
        status("ROLLBACK_COMPLETE"),
        status("ROLLBACK_COMPLETE"));
    assertThat(life().init(said)).isTrue();
    assertThat(proxy.calls()).contains("DeleteStack", "ExecuteChangeSet");
    assertThat(view().status()).isEqualTo("CREATE_COMPLETE");
  }

  @Test
  void init_ofARollbackThatFailed_continuesIt() {
    life().init(said);
    proxy.next(
        "DescribeStacks", status("UPDATE_ROLLBACK_FAILED"), status("UPDATE_ROLLBACK_FAILED"));
    proxy.next("ContinueUpdateRollback", CallProxy.says("<ContinueUpdateRollbackResponse/>"));
    assertThat(life(blueprint.visibility(90)).init(said)).isTrue();
    assertThat(proxy.calls()).contains("ContinueUpdateRollback");
  }

  @Test
  void update_rolledBack_isToldWithTheFirstReasonAndCanBeRepeated() {
    life().init(said);
    proxy.next("ExecuteChangeSet", CallProxy.says("<ExecuteChangeSetResponse/>"));
    proxy.next(
        "DescribeStacks", same(), same(), same(), same(), status("UPDATE_ROLLBACK_COMPLETE"));
    proxy.next(
        "DescribeStackEvents",
        CallProxy.says(
            """
            <R><DescribeStackEventsResult><StackEvents>
            <member><EventId>2</EventId><Timestamp>%1$s</Timestamp><LogicalResourceId>B</LogicalResourceId>
            <ResourceType>AWS::SQS::Queue</ResourceType><ResourceStatus>UPDATE_FAILED</ResourceStatus>
            <ResourceStatusReason>Resource update cancelled</ResourceStatusReason></member>
            <member><EventId>1</EventId><Timestamp>%1$s</Timestamp><LogicalResourceId>A</LogicalResourceId>
            <ResourceType>AWS::SQS::Queue</ResourceType><ResourceStatus>UPDATE_FAILED</ResourceStatus>
            <ResourceStatusReason>the limit is reached</ResourceStatusReason></member>
            </StackEvents></DescribeStackEventsResult></R>"""
                .formatted(java.time.Instant.now())));
    assertThatThrownBy(() -> life(blueprint.visibility(90)).init(said))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("UPDATE_ROLLBACK_COMPLETE")
        .hasMessageContaining("AWS::SQS::Queue A: the limit is reached")
        .hasMessageContaining("as it was before");
    proxy.forget();
    assertThat(life(blueprint.visibility(90)).init(said)).isTrue();
    assertThat(view().status()).isEqualTo("UPDATE_COMPLETE");
  }

  private static TestProxy.Fault same() {
    return TestProxy.Forward::send;
  }

  @Test
  void init_afterAKilledOne_finishesItsChangeSet() {
    life().init(said);
    SmallBlueprint changed = blueprint.visibility(90);
    proxy.next("ExecuteChangeSet", CallProxy.refuse(400, "Unexpected", "as if killed here"));
    assertThatThrownBy(() -> life(changed).init(said)).hasMessageContaining("as if killed");
    assertThat(life(changed).init(said)).isTrue();
    assertThat(said.steps).anyMatch(step -> step.contains("begun before"));
    assertThat(view().status()).isEqualTo("UPDATE_COMPLETE");
  }

  @Test
  void inits_twoAtOnce_bothEndWell() throws Exception {
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      Future<Boolean> one = two.submit(() -> life().init(said));
      Future<Boolean> other = two.submit(() -> life().init(said));
      assertThat(one.get()).isTrue();
      assertThat(other.get()).isTrue();
    } finally {
      two.shutdownNow();
    }
    assertThat(cloud.cloudFormation().list(stack())).hasSize(1);
    assertThat(view().status()).isEqualTo("CREATE_COMPLETE");
  }

  @Test
  void park_thenInit_switchesOffAndOn() {
    life().init(said);
    life().park(() -> stopped.add("workers"), said);
    assertThat(stopped).containsExactly("workers");
    assertThat(cloud.cloudFormation().template(stack())).contains("DISABLED");
    assertThatThrownBy(() -> life().ready())
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("is parked")
        .hasMessageContaining("yunpipe init");
    life().park(() -> stopped.add("again"), said);
    assertThat(life().init(said)).isTrue();
    assertThat(cloud.cloudFormation().template(stack())).doesNotContain("DISABLED");
    life().ready();
  }

  @Test
  void ready_beforeInit_saysWhatToDo() {
    assertThatThrownBy(() -> life().ready())
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("is not set up")
        .hasMessageContaining(stack())
        .hasMessageContaining("yunpipe init");
    StackLife life = life();
    life.init(said);
    proxy.forget();
    life.ready();
    assertThat(proxy.calls()).isEmpty();
  }

  @Test
  void remove_everything_leavesNothing() {
    life().init(said);
    cloud.store(life().bucket()).put("a/b", io.yunpipe.spi.Content.of("data"));
    CleanUp done = remove(true);
    assertThat(done.removed()).anyMatch(line -> line.startsWith("stack " + stack()));
    assertThat(stopped).containsExactly("workers");
    assertThat(cloud.cloudFormation().describe(stack())).isEmpty();
    assertThat(bucketIsThere()).isFalse();
    assertThat(new Tagged(cloud).arns(stack())).isEmpty();
    assertThat(remove(true).removed()).isEmpty();
  }

  @Test
  void remove_keepingData_isUndoneByInit() {
    life().init(said);
    cloud.store(life().bucket()).put("a/b", io.yunpipe.spi.Content.of("data"));
    // The emulator does not make the template's entry, to which S3 would give an id of its choice.
    String queue = "arn:aws:sqs:eu-west-1:123456789012:" + blueprint.names().ingress();
    String prefix = "inbox/" + blueprint.names().pipeline() + "/";
    new Notification("chosen-by-s3", queue, prefix).put(cloud.buckets(), life().bucket());
    CleanUp done = remove(false);
    assertThat(cloud.buckets().notification(life().bucket()).children()).isEmpty();
    assertThat(done.kept()).anyMatch(line -> line.contains(life().bucket()));
    assertThat(bucketIsThere()).isTrue();

    assertThat(life().init(said)).isTrue();
    assertThat(cloud.store(life().bucket()).read("a/b")).isPresent();
    assertThat(cloud.buckets().notification(life().bucket()).all("QueueConfiguration")).hasSize(1);
    assertThat(remove(true).removed()).anyMatch(line -> line.contains(life().bucket()));
    assertThat(bucketIsThere()).isFalse();
  }

  @Test
  void bucket_ofOthers_keepsItsNotifications() throws Exception {
    String foreign = "foreign-" + UUID.randomUUID().toString().substring(0, 8);
    aws.moto().aws("s3", "mb", "s3://" + foreign);
    aws.moto().aws("sqs", "create-queue", "--queue-name", "theirs-" + foreign);
    Buckets buckets = cloud.buckets();
    Notification theirs =
        new Notification("theirs", "arn:aws:sqs:eu-west-1:123456789012:theirs-" + foreign, "raw/");
    theirs.put(buckets, foreign);
    SmallBlueprint there = blueprint.bucket(foreign);
    SetUp preview = life(there).preview();
    assertThat(preview.changes()).anyMatch(change -> change.name().equals(foreign));
    life(there).init(said);
    XmlNode both = buckets.notification(foreign);
    assertThat(both.all("QueueConfiguration")).hasSize(2);
    assertThat(theirs.in(both)).isTrue();
    assertThat(life(there).preview().changes()).isEmpty();

    CleanUp done = life(there).remove(true, () -> {}, said);
    assertThat(done.kept()).anyMatch(line -> line.contains(foreign));
    assertThat(buckets.notification(foreign).all("QueueConfiguration")).hasSize(1);
    assertThat(theirs.in(buckets.notification(foreign))).isTrue();
  }

  @Test
  void bucket_thatTellsOthersOfTheSame_isAConflict() throws Exception {
    String foreign = "foreign-" + UUID.randomUUID().toString().substring(0, 8);
    aws.moto().aws("s3", "mb", "s3://" + foreign);
    aws.moto().aws("sqs", "create-queue", "--queue-name", "theirs-" + foreign);
    new Notification("theirs", "arn:aws:sqs:eu-west-1:123456789012:theirs-" + foreign, "inbox/")
        .put(cloud.buckets(), foreign);
    assertThatThrownBy(() -> life(blueprint.bucket(foreign)).init(said))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("theirs")
        .hasMessageContaining("yunpipe.aws.prefix");
  }

  @Test
  void init_ofAPipelineCalledLikeAStackOfOurs_isRefused() {
    for (String name : List.of("bootstrap", "cells-roles")) {
      assertThatThrownBy(() -> life(SmallBlueprint.of(name)).init(said))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("pipeline " + name);
    }
  }

  @Test
  void createRoles_makesThemInAStackOfTheirOwn_afterAsking() {
    String roles = blueprint.names().rolesStack();
    assertThat(life().createRoles(new SaidSteps(false))).isFalse();
    assertThat(cloud.cloudFormation().describe(roles)).isEmpty();

    assertThat(life().createRoles(said)).isTrue();
    assertThat(said.asked)
        .singleElement()
        .satisfies(
            asked -> {
              assertThat(asked.name()).isEqualTo(roles);
              assertThat(asked.changes())
                  .containsExactly(
                      new SetUp.Change(
                          Action.CREATE,
                          "AWS::IAM::Role",
                          blueprint.names().role(life().account(), "job"),
                          ""));
            });
    assertThat(cloud.cloudFormation().resources(roles)).hasSize(1);
    assertThat(cloud.cloudFormation().describe(stack())).isEmpty();
    proxy.forget();
    assertThat(life().createRoles(new SaidSteps(false))).isTrue();
    assertThat(proxy.calls()).doesNotContain("CreateChangeSet");
  }

  @Test
  void createRoles_wherePipelinesStackHasThem_isRefused() {
    life().init(said);
    proxy.next(
        "ListStackResources",
        CallProxy.changed(xml -> xml.replaceFirst("AWS::SQS::Queue", "AWS::IAM::Role")));
    assertThatThrownBy(() -> life().createRoles(said))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("makes the pipeline's roles itself")
        .hasMessageContaining("create-roles = false");
    assertThat(cloud.cloudFormation().describe(blueprint.names().rolesStack())).isEmpty();
  }

  @Test
  void problems_ofDefinitionAndAccount_areToldAtOnce() {
    SmallBlueprint bad =
        blueprint.stages(
            SmallBlueprint.stage("edges", null),
            new io.yunpipe.spi.StageNeeds(
                "java", null, "reverse", io.yunpipe.Resources.DEFAULT, null, null));
    assertThatThrownBy(() -> life(bad).init(said))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("stage edges has no container image")
        .hasMessageContaining("worker-image")
        .hasMessageContaining("stage java is a Java function");
    assertThatThrownBy(
            () ->
                life(blueprint.compute(SmallBlueprint.computeIn(List.of("subnet-0123"))))
                    .init(said))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no subnet subnet-0123");
  }
}
