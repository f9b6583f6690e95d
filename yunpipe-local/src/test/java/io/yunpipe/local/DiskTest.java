package io.yunpipe.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders of the store, which several programs make and remove. */
@Timeout(60)
class DiskTest {
  @TempDir Path root;

  @Test
  void folder_thatOthersMakeAndRemove_isNothingInTheWay() throws Exception {
    Path folder = root.resolve("data");
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService others = Executors.newFixedThreadPool(2);
    try {
      Future<?> removes =
          others.submit(
              () -> {
                while (!done.get()) {
                  Files.deleteIfExists(folder);
                }
                return null;
              });
      Future<?> makes =
          others.submit(
              () -> {
                while (!done.get()) {
                  Disk.createFolders(folder, new ArrayList<>());
                }
                return null;
              });
      for (int i = 0; i < 50_000; i++) {
        Disk.createFolders(folder, new ArrayList<>());
      }
      done.set(true);
      removes.get(30, TimeUnit.SECONDS);
      makes.get(30, TimeUnit.SECONDS);
    } finally {
      done.set(true);
      others.shutdownNow();
    }
  }

  @Test
  void file_whereAFolderMustBe_isToldOf() throws Exception {
    Path file = Files.writeString(root.resolve("data"), "");
    Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("nothing"));
    for (Path taken : new Path[] {file, link}) {
      assertThatThrownBy(() -> Disk.createFolders(taken, new ArrayList<>()))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
  }
}
