package io.yunpipe.testkit;

import io.yunpipe.spi.ObjectStore;
import java.time.Instant;

class MemoryObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore newStore() {
    return new MemoryObjectStore();
  }

  @Override
  protected ObjectStore secondStore() {
    return store;
  }

  @Override
  protected boolean streams() {
    return false;
  }

  @Override
  protected Instant timeFrom(Instant now) {
    return Instant.EPOCH;
  }
}
