package io.yunpipe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.BackendException;
import io.yunpipe.CleanUp;
import io.yunpipe.RunState;
import io.yunpipe.runner.Simulations;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.testkit.ManualClock;
import io.yunpipe.testkit.MemoryBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final String PIPELINE = Simulations.plan().pipeline();
  private static final String INBOX = "inbox/" + PIPELINE + "/";
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final ManualClock clock = new ManualClock();
  private final MemoryBackend backend = new MemoryBackend(clock);
  private final ObjectStore store = backend.store();
  private final Router router = router();

  InboxTest() {
    Inboxes.deploy(store, Simulations.plan(), QUIET);
  }

  private Router router() {
    return new Router(store, any -> backend, clock);
  }

  /** Stores a file and returns its event. */
  private Upload put(String path, String text) {
    store.put(INBOX + path, Content.of(text));
    return Upload.of(store.head(INBOX + path).orElseThrow());
  }

  private List<RunPlan> runs() {
    return Inboxes.runs(store, PIPELINE);
  }

  private RunPlan onlyRun() {
    assertThat(runs()).hasSize(1);
    return runs().get(0);
  }

  private List<String> sent() {
    List<String> names = new ArrayList<>();
    JobQueue queue = backend.queue("first");
    List<Message> messages = queue.receive(1000, Duration.ZERO, Duration.ofMinutes(1));
    messages.forEach(
        message ->
            Json.read(message.body(), JobMessage.class, "message")
                .jobs()
                .forEach(job -> names.add(job.name())));
    queue.acknowledge(messages);
    return names;
  }

  private void quiet() {
    clock.advance(QUIET.plusSeconds(1));
    router.tick();
  }

  @Test
  void files_ofOneFolder_becomeJobsOfOneRunAtOnce() {
    router.uploads(List.of(put("monday/a.png", "a"), put("monday/sub/b.png", "b")));
    router.uploads(List.of(put("monday/empty", "")));
    assertThat(Inboxes.inputs(store, onlyRun())).containsOnlyKeys("a.png", "sub/b.png", "empty");
    assertThat(sent()).containsExactlyInAnyOrder("a.png", "sub/b.png", "empty");
    assertThat(backend.asked()).contains("first");
  }

  @Test
  void run_whileFilesCome_isOpenAndItsSubmitterNotGone() {
    router.uploads(List.of(put("monday/a.png", "a")));
    Site site = Site.of(backend, Set.of(), clock);
    StatusReader status = new StatusReader(site, onlyRun());
    assertThat(status.read().state()).isEqualTo(RunState.SUBMITTING);
    assertThat(status.abandoned()).isFalse();
  }

  @Test
  void run_quietForLong_isSealed() {
    router.uploads(List.of(put("monday/a.png", "a")));
    clock.advance(QUIET.minusSeconds(1));
    router.tick();
    assertThat(Inboxes.sealed(store, onlyRun())).isFalse();
    quiet();
    assertThat(Inboxes.sealed(store, onlyRun())).isTrue();
  }

  @Test
  void event_thatComesAgain_makesNoSecondJob() {
    Upload upload = put("monday/a.png", "a");
    router.uploads(List.of(upload, upload));
    assertThat(sent()).containsExactly("a.png");
    router().uploads(List.of(upload));
    quiet();
    router().uploads(List.of(upload));
    router.uploads(List.of(upload));
    assertThat(Inboxes.inputs(store, onlyRun())).hasSize(1);
  }

  @Test
  void event_ofAJobWithoutResult_sendsItAgain() {
    Upload upload = put("monday/a.png", "a");
    router.uploads(List.of(upload));
    sent();
    router().uploads(List.of(upload));
    assertThat(sent()).containsExactly("a.png");
  }

  @Test
  void event_ofAJobWithResult_sendsNothing() {
    Upload upload = put("monday/a.png", "a");
    router.uploads(List.of(upload));
    Message message = backend.queue("first").receive(1, Duration.ZERO, QUIET).get(0);
    router.deadLetter(message.body());
    backend.queue("first").acknowledge(List.of(message));
    router.uploads(List.of(upload));
    assertThat(sent()).isEmpty();
  }

  @Test
  void queue_thatFailsAfterTheShardIsWritten_getsTheJobsWhenTheEventComesAgain() {
    Upload upload = put("monday/a.png", "a");
    boolean[] broken = {true};
    Router failing = new Router(store, any -> failingQueue(broken), clock);
    assertThat(failing.uploads(List.of(upload))).containsExactly(upload);
    broken[0] = false;
    assertThat(failing.uploads(List.of(upload))).isEmpty();
    assertThat(sent()).containsExactly("a.png");
    assertThat(Inboxes.inputs(store, onlyRun())).hasSize(1);
  }

  private Backend failingQueue(boolean[] broken) {
    return (Backend)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Backend.class},
            (self, method, arguments) -> {
              if (method.getName().equals("queue") && broken[0]) {
                throw new BackendException("the queue does not answer", true, null);
              }
              try {
                return method.invoke(backend, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void file_whoseEventIsLost_isFoundWhenTheRunIsSealed() {
    router.uploads(List.of(put("monday/a.png", "a")));
    put("monday/lost.png", "b");
    put("tuesday/other.png", "c");
    quiet();
    assertThat(Inboxes.inputs(store, onlyRun())).containsOnlyKeys("a.png", "lost.png");
    assertThat(Inboxes.sealed(store, onlyRun())).isTrue();
    assertThat(sent()).contains("lost.png");
  }

  @Test
  void file_afterTheEnd_opensTheNextRun() {
    router.uploads(List.of(put("monday/a.png", "a")));
    quiet();
    router.uploads(List.of(put("monday/late.png", "b")));
    assertThat(runs()).hasSize(2);
    assertThat(Inboxes.inputs(store, runs().get(1))).containsOnlyKeys("late.png");
  }

  @Test
  void file_overwrittenWhileTheRunIsOpen_isASecondInput() {
    router.uploads(List.of(put("monday/a.png", "a")));
    router.uploads(List.of(put("monday/a.png", "changed")));
    assertThat(Inboxes.inputs(store, onlyRun())).containsOnlyKeys("a.png", "a.png~2");
  }

  @Test
  void file_overwrittenAfterTheEnd_hasItsOwnNameInTheNextRun() {
    router.uploads(List.of(put("monday/a.png", "a")));
    quiet();
    router.uploads(List.of(put("monday/a.png", "changed")));
    assertThat(Inboxes.inputs(store, runs().get(1))).containsOnlyKeys("a.png");
  }

  @Test
  void manyFiles_areSplitIntoShardsThatOneListingCovers() {
    List<Upload> uploads = IntStream.range(0, 1700).mapToObj(i -> put("many/" + i, "x")).toList();
    router.uploads(uploads);
    assertThat(Inboxes.inputs(store, onlyRun())).hasSize(1700);
    assertThat(store.count(onlyRun().keys().manifests())).isEqualTo(3);
  }

  @Test
  void completeMarker_takesWhatIsThereAndSealsAtOnce() {
    Upload first = put("monday/a.png", "a");
    Upload second = put("monday/b.png", "b");
    Upload complete = put("monday/.complete", "");
    router.uploads(List.of(complete));
    assertThat(Inboxes.inputs(store, onlyRun())).containsOnlyKeys("a.png", "b.png");
    assertThat(Inboxes.sealed(store, onlyRun())).isTrue();
    router().uploads(List.of(first, complete, second));
    assertThat(runs()).hasSize(1);
  }

  @Test
  void filesDirectlyInTheInbox_belongToTheirDay() {
    Upload one = put("a.png", "a");
    router.uploads(List.of(one));
    clock.advance(Duration.ofDays(1));
    put("2026-01-01/folder-of-that-name.png", "c");
    // The event of a file tells another time than the store.
    Upload two = put("b.png", "b");
    router.uploads(
        List.of(new Upload(two.key(), 1, two.etag(), null, Instant.parse("2031-01-01T00:00:00Z"))));
    router.tick();
    clock.advance(QUIET.plusSeconds(1));
    router.tick();
    assertThat(runs()).hasSize(2);
    assertThat(Inboxes.inputs(store, runs().get(0))).containsOnlyKeys("a.png");
    assertThat(Inboxes.inputs(store, runs().get(1))).containsOnlyKeys("b.png");
    assertThat(runs()).allMatch(run -> Inboxes.sealed(store, run));
  }

  @Test
  void event_withoutTag_isTheSameUploadAsTheListingShows() {
    Upload upload = put("monday/a.png", "a");
    router.uploads(List.of(new Upload(upload.key(), 0, "", null, upload.time())));
    quiet();
    assertThat(Inboxes.inputs(store, onlyRun())).hasSize(1);
  }

  @Test
  void objectThatShowsAFolder_isNoInput() {
    router.uploads(
        List.of(
            new Upload(INBOX + "monday/", 0, "e", null, clock.instant()),
            new Upload(INBOX + "sub/sub/", 0, "e", null, clock.instant())));
    assertThat(runs()).isEmpty();
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
    assertThat(runs()).isEmpty();
    assertThat(store.list("", "", 10)).hasSize(1);
  }

  @Test
  void hostileNames_becomeJobsThatFailWithAReason() {
    List<String> names =
        List.of("b/../../etc/passwd", "b//x", "../x", "/x", "b/.", "b/" + "x".repeat(300), "..");
    List<Upload> uploads = new ArrayList<>();
    names.forEach(name -> uploads.add(new Upload(INBOX + name, 1, "e", null, clock.instant())));
    assertThat(router.uploads(uploads)).isEmpty();
    List<String> problems = new ArrayList<>();
    runs().forEach(run -> problems.addAll(Inboxes.problems(store, run).values()));
    assertThat(problems).hasSize(names.size()).allSatisfy(text -> assertThat(text).isNotEmpty());
    assertThat(problems)
        .contains(
            "Could not take the upload \"inbox/simulation/b//x\": its name is absolute."
                + " Upload it under another name.");
  }

  @Test
  void stoppedRun_takesNoMoreFiles() {
    router.uploads(List.of(put("monday/a.png", "a")));
    new Protocol(store, backend::queue, clock).cancel(onlyRun(), "stopped", false);
    clock.advance(Duration.ofSeconds(1));
    router.uploads(List.of(put("monday/b.png", "b")));
    assertThat(runs()).hasSize(2);
    assertThat(Inboxes.inputs(store, runs().get(1))).containsOnlyKeys("b.png");
  }

  @Test
  void openMarker_ofAFinishedRun_isRemoved() {
    router.uploads(List.of(put("monday/a.png", "a")));
    new Protocol(store, backend::queue, clock).cancel(onlyRun(), "stopped", false);
    store.put(Keys.open(onlyRun().run()), Content.of("{}"));
    router.tick();
    assertThat(store.list("open/", "", 10)).isEmpty();
  }

  @Test
  void pipelineRemovedAndDeployedAgain_takesTheSameFilesAgain() {
    router.uploads(List.of(put("monday/a.png", "a")));
    Upload upload = Upload.of(store.head(INBOX + "monday/a.png").orElseThrow());
    new Cleaner(Site.of(backend, Set.of(), clock), PIPELINE).clean(CleanUp.Mode.EMPTY);
    assertThat(store.list("", "", 10)).isEmpty();
    Inboxes.deploy(store, Simulations.plan(), QUIET);
    router.uploads(List.of(upload));
    assertThat(Inboxes.inputs(store, onlyRun())).containsOnlyKeys("a.png");
  }

  @Test
  void deadLetter_endsItsJobAsFailed() {
    router.uploads(List.of(put("monday/a.png", "a")));
    for (int i = 0; i <= MemoryBackend.MAX_RECEIVES; i++) {
      backend.queue("first").receive(1, Duration.ZERO, Duration.ofSeconds(1));
      clock.advance(Duration.ofSeconds(2));
    }
    router.tick();
    quiet();
    quiet();
    assertThat(Inboxes.finished(store, onlyRun())).isEqualTo("FAILED");
  }

  @Test
  void deadLetter_thatIsNoMessageOfOurs_isDropped() {
    assertThat(router.deadLetter("{}")).isZero();
    assertThat(router.deadLetter("what?")).isZero();
  }

  @Test
  void tick_ofAQueueThatLostItsMessages_sendsThemAgain() {
    router.uploads(List.of(put("monday/a.png", "a")));
    quiet();
    sent();
    router.tick();
    assertThat(sent()).containsExactly("a.png");
  }

  @Test
  void tick_whereJobsWait_asksForWorkers() {
    router.uploads(List.of(put("monday/a.png", "a")));
    int before = backend.asked().size();
    router.tick();
    assertThat(backend.asked().subList(before, backend.asked().size())).containsExactly("first");
  }
}
