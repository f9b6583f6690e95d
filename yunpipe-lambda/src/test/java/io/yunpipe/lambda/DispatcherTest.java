package io.yunpipe.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.internal.JobMessage;
import io.yunpipe.internal.Json;
import io.yunpipe.internal.Router;
import io.yunpipe.internal.TickListener;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.testkit.ManualClock;
import io.yunpipe.testkit.MemoryBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DispatcherTest {
  private final ManualClock clock = new ManualClock();
  private final MemoryBackend backend = new MemoryBackend(clock);
  private final ObjectStore store = backend.store();
  private final List<String> broken = new ArrayList<>();
  private final Router router =
      new Router(
          store,
          pipeline -> {
            if (broken.contains(pipeline)) {
              throw new BackendException("no answer from the backend", true, null);
            }
            return backend;
          },
          clock);
  private final Dispatcher dispatcher = dispatcher("lab", "");

  DispatcherTest() {
    deploy("cells");
    deploy("other");
  }

  private void deploy(String pipeline) {
    store.put(
        "pipelines/" + pipeline + ".json",
        Content.of(Json.bytes(Deployed.pipeline(pipeline, Duration.ofMinutes(1)))));
  }

  private Dispatcher dispatcher(String bucket, String prefix) {
    return new Dispatcher(router, new UploadFinder(store, bucket, prefix));
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    backend
        .queue("copy")
        .receive(100, Duration.ZERO, Duration.ofMinutes(1))
        .forEach(
            message ->
                Json.read(message.body(), JobMessage.class, "message")
                    .jobs()
                    .forEach(job -> job.in().forEach(file -> keys.add(file.key()))));
    return keys;
  }

  private void put(String key) {
    store.put(key, Content.of("hello"));
  }

  private Request created(String id, String bucket, String key) {
    ObjectInfo object = store.head(key.replace("%2B", "+")).orElse(null);
    String etag = object == null ? "e" : object.etag();
    return EventReader.message(
        id,
        """
        {"Records":[{"eventName":"ObjectCreated:Put","eventTime":"2026-11-22T03:04:05.678Z",
          "s3":{"bucket":{"name":"%s"},"object":{"key":"%s","size":5,"eTag":"%s"}}}]}"""
            .formatted(bucket, key, etag));
  }

  /** Machines may outlive all runs. */
  @Test
  void tick_withoutAnyRun_looksForOldWorkersOfItsPipeline() {
    new Router(store, pipeline -> backend, clock, TickListener.NONE, "cells").tick();
    assertThat(backend.sweeps()).isOne();
    assertThat(backend.asked()).isEmpty();
    router.tick();
    assertThat(backend.sweeps()).as("of no pipeline in particular").isOne();
  }

  @Test
  void key_encodedAsS3Does_isDecoded() {
    put("inbox/cells/m/a b+c.png");
    dispatcher.serve(List.of(created("1", "lab", "inbox/cells/m/a+b%2Bc.png")));
    assertThat(keys()).containsExactly("inbox/cells/m/a b+c.png");
  }

  @Test
  void key_encodedWithItsSlashes_isDecoded() {
    put("inbox/cells/m/a+b.png");
    dispatcher.serve(List.of(created("1", "lab", "inbox%2Fcells%2Fm%2Fa%2Bb.png")));
    assertThat(keys()).containsExactly("inbox/cells/m/a+b.png");
  }

  @Test
  void key_thatTheServerDidNotEncode_isTakenAsItIs() {
    put("inbox/cells/m/a+b 100%.png");
    put("inbox/cells/m/a+b.png");
    dispatcher.serve(
        List.of(
            created("1", "lab", "inbox/cells/m/a+b 100%.png"),
            created("2", "lab", "inbox/cells/m/a+b.png")));
    assertThat(keys()).containsExactly("inbox/cells/m/a+b 100%.png", "inbox/cells/m/a+b.png");
  }

  @Test
  void key_ofAnObjectThatIsGone_makesAJobThatWillSaySo() {
    dispatcher.serve(List.of(created("1", "lab", "inbox/cells/m/gone+away.png")));
    assertThat(keys()).containsExactly("inbox/cells/m/gone away.png");
  }

  @Test
  void event_ofAnotherBucket_isLeftOut() {
    put("inbox/cells/m/a.png");
    assertThat(dispatcher.serve(List.of(created("1", "elsewhere", "inbox/cells/m/a.png"))))
        .isEmpty();
    assertThat(keys()).isEmpty();
  }

  @Test
  void event_ofAStoreInPartOfABucket_losesThePrefix() {
    put("inbox/cells/m/a.png");
    dispatcher("lab", "team a/")
        .serve(
            List.of(
                created("1", "lab", "team+a/inbox/cells/m/a.png"),
                created("2", "lab", "inbox/cells/m/a.png")));
    assertThat(keys()).containsExactly("inbox/cells/m/a.png");
  }

  @Test
  void results_inTheSameBucket_areLeftOut() {
    assertThat(
            dispatcher.serve(
                List.of(
                    created("1", "lab", "runs/ab/r/out/copy/j/a/x+y.png"),
                    created("2", "lab", "results/r/x.png"))))
        .isEmpty();
    assertThat(store.list("", "", 10)).hasSize(2);
  }

  @Test
  void onlyMessages_thatCouldNotBeServed_comeAgain() {
    put("inbox/cells/m/a.png");
    put("inbox/other/m/b.png");
    broken.add("other");
    assertThat(
            dispatcher.serve(
                List.of(
                    created("1", "lab", "inbox/cells/m/a.png"),
                    created("2", "lab", "inbox/other/m/b.png"),
                    EventReader.message("3", "what?"),
                    Request.tick("4"))))
        .containsExactlyInAnyOrder("2", "3");
    assertThat(keys()).containsExactly("inbox/cells/m/a.png");
  }

  @Test
  void messageThatComesAgain_afterItsFailure_isServed() {
    put("inbox/other/m/b.png");
    broken.add("other");
    Request request = created("2", "lab", "inbox/other/m/b.png");
    dispatcher.serve(List.of(request));
    broken.clear();
    assertThat(dispatcher.serve(List.of(request))).isEmpty();
    assertThat(keys()).containsExactly("inbox/other/m/b.png");
  }

  @Test
  void invocation_withoutMessages_failsAsAWhole() throws IOException {
    broken.add("cells");
    put("inbox/cells/monday/a+b %41.png");
    List<Request> requests = EventReader.invocation(Golden.open("eventbridge-object-created"));
    Dispatcher any = dispatcher("", "");
    assertThatThrownBy(() -> any.serve(requests))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("should be delivered again");
    broken.clear();
    assertThat(any.serve(requests)).isEmpty();
    assertThat(keys()).containsExactly("inbox/cells/monday/a+b %41.png");
  }

  @Test
  void deadLetter_endsItsJobAsFailed() {
    put("inbox/cells/m/a.png");
    dispatcher.serve(List.of(created("1", "lab", "inbox/cells/m/a.png")));
    String body =
        backend.queue("copy").receive(1, Duration.ZERO, Duration.ofMinutes(1)).get(0).body();
    assertThat(dispatcher.serve(List.of(EventReader.message("2", body)))).isEmpty();
    List<String> markers = new ArrayList<>();
    store.readAll("runs/", (key, json) -> markers.add(key));
    assertThat(markers).anyMatch(key -> key.contains("/done/copy/000000/"));
  }
}
