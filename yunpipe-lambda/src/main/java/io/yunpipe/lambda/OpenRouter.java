package io.yunpipe.lambda;

import io.yunpipe.internal.Backends;
import io.yunpipe.internal.Router;
import io.yunpipe.internal.TickListener;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.BackendProvider;
import io.yunpipe.spi.JobQueue;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A router over a backend of each pipeline, opened when it is needed. */
final class OpenRouter implements AutoCloseable {
  private final RouterSettings settings;
  private final BackendProvider provider;
  private final Clock clock;
  private final Map<String, Backend> backends = new ConcurrentHashMap<>();
  private final Router router;
  private final Dispatcher dispatcher;

  /**
   * Opens it.
   *
   * @param listener hears of ticks
   * @throws IllegalStateException if there is no such backend
   */
  OpenRouter(RouterSettings settings, Clock clock, TickListener listener) {
    this.settings = settings;
    this.provider = Backends.find(settings.backend());
    this.clock = clock;
    var store = backend(settings.ingress().pipeline()).store();
    this.router = new Router(store, this::backend, clock, listener, settings.pipeline());
    this.dispatcher =
        new Dispatcher(router, new UploadFinder(store, settings.bucket(), settings.keyPrefix()));
  }

  private Backend backend(String pipeline) {
    return backends.computeIfAbsent(
        pipeline,
        name ->
            provider.open(new BackendContext(name, settings.backendSettings(), Map.of(), clock)));
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  Router router() {
    return router;
  }

  /** Returns the queue of events. */
  JobQueue ingress() {
    return backend(settings.ingress().pipeline()).queue(settings.ingress().queue());
  }

  @Override
  public void close() {
    backends.values().forEach(Backend::close);
  }
}
