package io.yunpipe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.BackendException;
import io.yunpipe.CleanUp;
import io.yunpipe.RunState;
import io.yunpipe.SetUpListener;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.testkit.ManualClock;
import io.yunpipe.testkit.MemoryBackend;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InboxTest {
  private final InboxLab lab = new InboxLab();
  private final ManualClock clock = lab.clock;
  private final MemoryBackend backend = lab.backend;
  private final ObjectStore store = lab.store;
  private final Router router = lab.router;

  @Test
  void files_ofOneFolder_becomeJobsOfOneRunAtOnce() {
    router.uploads(List.of(lab.put("monday/a.png", "a"), lab.put("monday/sub/b.png", "b")));
    router.uploads(List.of(lab.put("monday/empty", "")));
    assertThat(Inboxes.inputs(store, lab.onlyRun()))
        .containsOnlyKeys("a.png", "sub/b.png", "empty");
    assertThat(lab.takeNames()).containsExactlyInAnyOrder("a.png", "sub/b.png", "empty");
    assertThat(backend.asked()).contains("first");
  }

  @Test
  void run_whileFilesCome_isOpenAndItsSubmitterNotGone() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    StatusReader status = new StatusReader(lab.site(), lab.onlyRun());
    assertThat(status.read().state()).isEqualTo(RunState.SUBMITTING);
    assertThat(status.abandoned()).isFalse();
  }

  @Test
  void run_quietForLong_isSealed() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    clock.advance(InboxLab.QUIET.minusSeconds(1));
    router.tick();
    assertThat(Inboxes.sealed(store, lab.onlyRun())).isFalse();
    lab.quiet();
    assertThat(Inboxes.sealed(store, lab.onlyRun())).isTrue();
  }

  @Test
  void event_thatComesAgain_makesNoSecondJob() {
    Upload upload = lab.put("monday/a.png", "a");
    router.uploads(List.of(upload, upload));
    assertThat(lab.takeNames()).containsExactly("a.png");
    lab.router().uploads(List.of(upload));
    lab.quiet();
    lab.router().uploads(List.of(upload));
    router.uploads(List.of(upload));
    assertThat(Inboxes.inputs(store, lab.onlyRun())).hasSize(1);
  }

  @Test
  void event_ofAJobWithoutResult_sendsItAgain() {
    Upload upload = lab.put("monday/a.png", "a");
    router.uploads(List.of(upload));
    lab.takeNames();
    lab.router().uploads(List.of(upload));
    assertThat(lab.takeNames()).containsExactly("a.png");
  }

  @Test
  void event_ofAJobWithResult_sendsNothing() {
    Upload upload = lab.put("monday/a.png", "a");
    router.uploads(List.of(upload));
    Message message = backend.queue("first").receive(1, Duration.ZERO, InboxLab.QUIET).get(0);
    router.deadLetter(message.body());
    backend.queue("first").acknowledge(List.of(message));
    router.uploads(List.of(upload));
    assertThat(lab.takeNames()).isEmpty();
  }

  @Test
  void queue_thatFailsAfterTheShardIsWritten_getsTheJobsWhenTheEventComesAgain() {
    Upload upload = lab.put("monday/a.png", "a");
    boolean[] broken = {true};
    Router failing = lab.routerWithoutQueues(broken);
    assertThat(failing.uploads(List.of(upload))).containsExactly(upload);
    broken[0] = false;
    assertThat(failing.uploads(List.of(upload))).isEmpty();
    assertThat(lab.takeNames()).containsExactly("a.png");
    assertThat(Inboxes.inputs(store, lab.onlyRun())).hasSize(1);
  }

  @Test
  void shard_whoseWriteSucceededWithoutAnAnswer_getsItsJobsSent() {
    boolean[] lost = {true};
    ObjectStore losing =
        (ObjectStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (self, method, arguments) -> {
                  Object answer = method.invoke(store, arguments);
                  if (lost[0] && String.valueOf(arguments[0]).contains("/manifest/000000")) {
                    lost[0] = false;
                    throw new BackendException("connection reset", true, null);
                  }
                  return answer;
                });
    MemoryBackend other = new MemoryBackend(clock, losing);
    Router unlucky = new Router(losing, any -> other, clock);
    Upload upload = lab.put("monday/a.png", "a");
    assertThat(unlucky.uploads(List.of(upload))).containsExactly(upload);
    assertThat(unlucky.uploads(List.of(upload))).isEmpty();
    assertThat(other.queue("first").depth().ready()).isEqualTo(1);
    assertThat(Inboxes.inputs(store, lab.onlyRun())).hasSize(1);
  }

  @Test
  void runThatCannotBeRead_doesNotStopOthers() {
    lab.upload("monday/a.png", "a");
    store.put(Keys.open("broken"), Content.of("{}"));
    store.put(new Keys("broken", 1).plan(), Content.of("{\"run\":\"broken\"}"));
    lab.quiet();
    assertThat(Inboxes.sealed(store, lab.onlyRun())).isTrue();
  }

  @Test
  void file_whoseEventIsLost_isFoundWhenTheRunIsSealed() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    lab.put("monday/lost.png", "b");
    lab.put("tuesday/other.png", "c");
    lab.quiet();
    assertThat(Inboxes.inputs(store, lab.onlyRun())).containsOnlyKeys("a.png", "lost.png");
    assertThat(Inboxes.sealed(store, lab.onlyRun())).isTrue();
    assertThat(lab.takeNames()).contains("lost.png");
  }

  @Test
  void file_afterTheEnd_opensTheNextRun() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    lab.quiet();
    router.uploads(List.of(lab.put("monday/late.png", "b")));
    assertThat(lab.runs()).hasSize(2);
    assertThat(Inboxes.inputs(store, lab.runs().get(1))).containsOnlyKeys("late.png");
  }

  @Test
  void file_overwrittenWhileTheRunIsOpen_isASecondInput() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    router.uploads(List.of(lab.put("monday/a.png", "changed")));
    assertThat(Inboxes.inputs(store, lab.onlyRun())).containsOnlyKeys("a.png", "a.png~2");
  }

  @Test
  void file_overwrittenAfterTheEnd_hasItsOwnNameInTheNextRun() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    lab.quiet();
    router.uploads(List.of(lab.put("monday/a.png", "changed")));
    assertThat(Inboxes.inputs(store, lab.runs().get(1))).containsOnlyKeys("a.png");
  }

  @Test
  void manyFiles_areSplitIntoShardsThatOneListingCovers() {
    List<Upload> uploads =
        IntStream.range(0, 1700).mapToObj(i -> lab.put("many/" + i, "x")).toList();
    router.uploads(uploads);
    assertThat(Inboxes.inputs(store, lab.onlyRun())).hasSize(1700);
    assertThat(store.count(lab.onlyRun().keys().manifests())).isEqualTo(3);
  }

  @Test
  void completeMarker_takesWhatIsThereAndSealsAtOnce() {
    Upload first = lab.put("monday/a.png", "a");
    Upload second = lab.put("monday/b.png", "b");
    Upload complete = lab.put("monday/.complete", "");
    router.uploads(List.of(complete));
    assertThat(Inboxes.inputs(store, lab.onlyRun())).containsOnlyKeys("a.png", "b.png");
    assertThat(Inboxes.sealed(store, lab.onlyRun())).isTrue();
    lab.router().uploads(List.of(first, complete, second));
    assertThat(lab.runs()).hasSize(1);
  }

  @Test
  void filesDirectlyInTheInbox_belongToTheirDay() {
    Upload one = lab.put("a.png", "a");
    router.uploads(List.of(one));
    clock.advance(Duration.ofDays(1));
    lab.put("2026-01-01/folder-of-that-name.png", "c");
    // The event of a file tells another time than the store.
    Upload two = lab.put("b.png", "b");
    router.uploads(
        List.of(new Upload(two.key(), 1, two.etag(), null, Instant.parse("2031-01-01T00:00:00Z"))));
    router.tick();
    clock.advance(InboxLab.QUIET.plusSeconds(1));
    router.tick();
    assertThat(lab.runs()).hasSize(2);
    assertThat(Inboxes.inputs(store, lab.runs().get(0))).containsOnlyKeys("a.png");
    assertThat(Inboxes.inputs(store, lab.runs().get(1))).containsOnlyKeys("b.png");
    assertThat(lab.runs()).allMatch(run -> Inboxes.sealed(store, run));
  }

  @Test
  void event_withoutTag_isTheSameUploadAsTheListingShows() {
    Upload upload = lab.put("monday/a.png", "a");
    router.uploads(List.of(new Upload(upload.key(), 0, "", null, upload.time())));
    lab.quiet();
    assertThat(Inboxes.inputs(store, lab.onlyRun())).hasSize(1);
  }

  @Test
  void objectThatShowsAFolder_isNoInput() {
    router.uploads(
        List.of(
            new Upload(InboxLab.INBOX + "monday/", 0, "e", null, clock.instant()),
            new Upload(InboxLab.INBOX + "sub/sub/", 0, "e", null, clock.instant())));
    assertThat(lab.runs()).isEmpty();
  }

  @Test
  void keysOutsideOfInboxes_areLeftOut() {
    router.uploads(
        List.of(
            new Upload("results/x/y", 1, "e", null, clock.instant()),
            new Upload("inbox/nobody/batch/x", 1, "e", null, clock.instant()),
            new Upload("inbox//batch/x", 1, "e", null, clock.instant()),
            new Upload("inbox/../batch/x", 1, "e", null, clock.instant()),
            new Upload("inbox/x", 1, "e", null, clock.instant())));
    assertThat(lab.runs()).isEmpty();
    assertThat(store.list("", "", 10)).hasSize(1);
  }

  @Test
  void hostileNames_becomeJobsThatFailWithAReason() {
    List<String> names =
        List.of("b/../../etc/passwd", "b//x", "../x", "/x", "b/.", "b/" + "x".repeat(300), "..");
    List<Upload> uploads = new ArrayList<>();
    names.forEach(
        name -> uploads.add(new Upload(InboxLab.INBOX + name, 1, "e", null, clock.instant())));
    assertThat(router.uploads(uploads)).isEmpty();
    List<String> problems = new ArrayList<>();
    lab.runs().forEach(run -> problems.addAll(Inboxes.problems(store, run).values()));
    assertThat(problems).hasSize(names.size()).allSatisfy(text -> assertThat(text).isNotEmpty());
    assertThat(problems)
        .contains(
            "Could not take the upload \"inbox/simulation/b//x\": its name is absolute."
                + " Upload it under another name.");
  }

  @Test
  void stoppedRun_takesNoMoreFiles() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    new Protocol(store, backend::queue, clock).cancel(lab.onlyRun(), "stopped", false);
    clock.advance(Duration.ofSeconds(1));
    router.uploads(List.of(lab.put("monday/b.png", "b")));
    assertThat(lab.runs()).hasSize(2);
    assertThat(Inboxes.inputs(store, lab.runs().get(1))).containsOnlyKeys("b.png");
  }

  @Test
  void openMarker_ofAFinishedRun_isRemoved() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    new Protocol(store, backend::queue, clock).cancel(lab.onlyRun(), "stopped", false);
    store.put(Keys.open(lab.onlyRun().run()), Content.of("{}"));
    router.tick();
    assertThat(store.list("open/", "", 10)).isEmpty();
  }

  @Test
  void pipelineRemovedAndDeployedAgain_takesTheSameFilesAgain() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    Upload upload = Upload.of(store.head(InboxLab.INBOX + "monday/a.png").orElseThrow());
    new Cleaner(lab.site(), InboxLab.PLAN.pipeline())
        .clean(CleanUp.Mode.EMPTY, SetUpListener.none());
    assertThat(store.list("", "", 10)).isEmpty();
    Inboxes.deploy(store, InboxLab.PLAN, InboxLab.QUIET);
    router.uploads(List.of(upload));
    assertThat(Inboxes.inputs(store, lab.onlyRun())).containsOnlyKeys("a.png");
  }

  @Test
  void deadLetter_endsItsJobAsFailed() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    for (int i = 0; i <= MemoryBackend.MAX_RECEIVES; i++) {
      backend.queue("first").receive(1, Duration.ZERO, Duration.ofSeconds(1));
      clock.advance(Duration.ofSeconds(2));
    }
    router.tick();
    lab.quiet();
    lab.quiet();
    assertThat(Inboxes.finished(store, lab.onlyRun())).isEqualTo("FAILED");
  }

  @Test
  void deadLetter_thatIsNoMessageOfOurs_isDropped() {
    assertThat(router.deadLetter("{}")).isZero();
    assertThat(router.deadLetter("what?")).isZero();
  }

  @Test
  void tick_ofAQueueThatLostItsMessages_sendsThemAgain() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    lab.quiet();
    lab.takeNames();
    router.tick();
    assertThat(lab.takeNames()).containsExactly("a.png");
  }

  @Test
  void tick_whereJobsWait_asksForWorkers() {
    router.uploads(List.of(lab.put("monday/a.png", "a")));
    int before = backend.asked().size();
    router.tick();
    assertThat(backend.asked().subList(before, backend.asked().size())).containsExactly("first");
  }

  @Test
  void file_rightAfterItsPipeline_isTakenThoughThePipelineWasUnknownBefore() {
    store.delete(Keys.deployment(InboxLab.PLAN.pipeline()));
    lab.upload("monday/early.png", "a");
    Inboxes.deploy(store, InboxLab.PLAN, InboxLab.QUIET);
    lab.upload("monday/a.png", "a");
    assertThat(Inboxes.inputs(store, lab.onlyRun())).containsOnlyKeys("a.png");
    lab.quiet();
    assertThat(Inboxes.inputs(store, lab.onlyRun())).containsOnlyKeys("a.png", "early.png");
  }

  @Test
  void pipeline_deployedByANewerProgram_makesUploadsComeAgain() {
    store.put(
        Keys.deployment(InboxLab.PLAN.pipeline()),
        Content.of("{\"v\":99,\"pipeline\":\"simulation\",\"stages\":[]}"));
    Upload upload = lab.put("monday/a.png", "a");
    assertThat(router.uploads(List.of(upload))).containsExactly(upload);
  }
}
