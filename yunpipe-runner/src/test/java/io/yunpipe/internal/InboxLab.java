package io.yunpipe.internal;

import io.yunpipe.BackendException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A deployed pipeline in memory, and a router. */
final class InboxLab {
  static final RunPlan PLAN = Simulations.plan();
  static final String INBOX = "inbox/" + PLAN.pipeline() + "/";
  static final Duration QUIET = Duration.ofMinutes(1);

  final ManualClock clock = new ManualClock();
  final MemoryBackend backend = new MemoryBackend(clock);
  final ObjectStore store = backend.store();
  final Router router = router();

  InboxLab() {
    Inboxes.deploy(store, PLAN, QUIET);
  }

  /** Returns another router, which remembers nothing. */
  Router router() {
    return new Router(store, any -> backend, clock);
  }

  /** Returns a router whose queues do not answer while the flag is up. */
  Router routerWithoutQueues(boolean[] broken) {
    Backend failing =
        (Backend)
            Proxy.newProxyInstance(
                InboxLab.class.getClassLoader(),
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
    return new Router(store, any -> failing, clock);
  }

  /** Stores a file and returns its event. */
  Upload put(String path, String text) {
    store.put(INBOX + path, Content.of(text));
    return Upload.of(store.head(INBOX + path).orElseThrow());
  }

  /** Stores a file and tells the router. */
  void upload(String path, String text) {
    router.uploads(List.of(put(path, text)));
  }

  List<RunPlan> runs() {
    return Inboxes.runs(store, PLAN.pipeline());
  }

  RunPlan onlyRun() {
    List<RunPlan> runs = runs();
    if (runs.size() != 1) {
      throw new AssertionError("expected one run, but there are " + runs.size());
    }
    return runs.get(0);
  }

  /** Takes the jobs of the first stage that were sent. */
  List<JobSpec> takeJobs() {
    List<JobSpec> jobs = new ArrayList<>();
    JobQueue queue = backend.queue("first");
    List<Message> messages = queue.receive(1000, Duration.ZERO, Duration.ofMinutes(1));
    messages.forEach(
        message -> jobs.addAll(Json.read(message.body(), JobMessage.class, "message").jobs()));
    queue.acknowledge(messages);
    return jobs;
  }

  /** Takes the jobs of the first stage that were sent; returns their names. */
  List<String> takeNames() {
    return takeJobs().stream().map(JobSpec::name).toList();
  }

  /** Lets the quiet time pass and ticks. */
  void quiet() {
    clock.advance(QUIET.plusSeconds(1));
    router.tick();
  }

  Site site() {
    return Site.of(backend, Set.of(), clock);
  }

  /** Returns why a run was stopped, if it was. */
  Optional<String> reason(RunPlan plan) {
    return new StatusReader(site(), plan).read().reason();
  }
}
