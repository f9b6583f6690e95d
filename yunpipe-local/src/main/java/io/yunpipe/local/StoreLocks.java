package io.yunpipe.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks by path that hold within this program and, if asked for, between programs.
 *
 * <p>Between programs they are locks on a few files that are used for nothing else: closing any
 * channel of a file gives up the program's locks on it. They are tried, not waited for, since the
 * system takes two programs that wait for each other's locks with different threads for a deadlock.
 * What a program holds ends with it, also by {@code kill -9}.
 */
final class StoreLocks {
  private static final int STRIPES = 64;
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Path folder;
  private final Stripe[] stripes = new Stripe[STRIPES];

  /**
   * Creates the locks; writes nothing.
   *
   * @param folder where the lock files are
   */
  StoreLocks(Path folder) {
    this.folder = folder;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe(folder.resolve("%02d".formatted(i)));
    }
  }

  /** Runs work while no other thread of this program works on the path. */
  <T> T inProgram(Path path, IoAction<T> work) throws IOException {
    Stripe stripe = stripe(path);
    stripe.mutex.lock();
    try {
      return work.run();
    } finally {
      stripe.mutex.unlock();
    }
  }

  /** Runs work while nobody else works on the path. Not to be nested. */
  <T> T everywhere(Path path, IoAction<T> work) throws IOException {
    Stripe stripe = stripe(path);
    stripe.mutex.lock();
    try (FileLock lock = stripe.lock()) {
      if (!lock.isValid()) {
        throw new IOException("the lock " + stripe.file + " was lost");
      }
      return work.run();
    } finally {
      stripe.mutex.unlock();
    }
  }

  /** Closes the lock files, once nobody uses them. */
  void close() throws IOException {
    for (Stripe stripe : stripes) {
      stripe.mutex.lock();
      try {
        if (stripe.channel != null) {
          stripe.channel.close();
          stripe.channel = null;
        }
      } finally {
        stripe.mutex.unlock();
      }
    }
  }

  private Stripe stripe(Path path) {
    int hash = path.hashCode();
    return stripes[(hash ^ (hash >>> 16)) & (STRIPES - 1)];
  }

  private final class Stripe {
    private final ReentrantLock mutex = new ReentrantLock();
    private final Path file;
    private @Nullable FileChannel channel;

    Stripe(Path file) {
      this.file = file;
    }

    FileLock lock() throws IOException {
      FileChannel open = channel;
      if (open == null || !open.isOpen()) {
        open = open();
        channel = open;
      }
      boolean interrupted = false;
      try {
        for (long pause = 20_000; ; pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS)) {
          FileLock lock = tryLock(open);
          if (lock != null) {
            return lock;
          }
          LockSupport.parkNanos(pause);
          interrupted |= Thread.interrupted(); // or parking would return at once
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private @Nullable FileLock tryLock(FileChannel open) throws IOException {
      try {
        return open.tryLock();
      } catch (OverlappingFileLockException e) {
        return null; // the library is loaded twice in this program
      }
    }

    private FileChannel open() throws IOException {
      try {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      } catch (NoSuchFileException e) {
        new Disk(false).createFolders(folder);
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      }
    }
  }
}
