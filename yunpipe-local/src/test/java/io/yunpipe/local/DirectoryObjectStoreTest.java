package io.yunpipe.local;

import io.yunpipe.spi.ObjectStore;
import io.yunpipe.testkit.ObjectStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class DirectoryObjectStoreTest {
  abstract static class Contract extends ObjectStoreContract {
    @TempDir Path root;

    abstract boolean fsync();

    @Override
    protected ObjectStore newStore() {
      return new DirectoryObjectStore(root.resolve("store"), fsync());
    }

    @Override
    protected ObjectStore secondStore() {
      return newStore();
    }
  }

  @Nested
  class WithoutFsync extends Contract {
    @Override
    boolean fsync() {
      return false;
    }
  }

  @Nested
  class WithFsync extends Contract {
    @Override
    boolean fsync() {
      return true;
    }
  }
}
