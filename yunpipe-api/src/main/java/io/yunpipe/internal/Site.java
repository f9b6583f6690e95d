package io.yunpipe.internal;

import io.yunpipe.spi.Backend;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.util.Set;

/**
 * Where a pipeline's runs are: the open backend and what belongs to it.
 *
 * @param backend the backend
 * @param store its store
 * @param protocol the protocol over it
 * @param plans plans read from it
 * @param facts facts read from it
 * @param functions names of the Java functions that this program brings
 * @param clock the time
 */
record Site(
    Backend backend,
    ObjectStore store,
    Protocol protocol,
    Plans plans,
    FactCache facts,
    Set<String> functions,
    Clock clock) {
  /** Sees to it that workers drain a stage, unless it needs a function that this program lacks. */
  void ensureWorkers(StagePlan stage, long desired) {
    AlgorithmSpec algorithm = stage.algorithm();
    if (!algorithm.function() || functions.contains(algorithm.name())) {
      backend.compute().ensureWorkers(stage.demand(desired));
    }
  }

  static Site of(Backend backend, Set<String> functions, Clock clock) {
    ObjectStore store = backend.store();
    return new Site(
        backend,
        store,
        new Protocol(store, backend::queue, clock),
        new Plans(store),
        new FactCache(store),
        functions,
        clock);
  }
}
