package io.yunpipe.local;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the handles on one folder apart: those of this process by a mutex, other processes by a
 * lock on the file {@code lock}. The system gives the file lock back when its holder dies.
 */
final class QueueLock implements AutoCloseable {
  private static final Map<Path, Shared> SHARED = new HashMap<>();

  /** What the handles of this process on one folder have in common. */
  private static final class Shared {
    final ReentrantLock mutex = new ReentrantLock();
    final Condition changed = mutex.newCondition();
    int handles;
  }

  private final Path folder;
  private final Path path;
  private final Shared shared;
  private FileChannel channel;
  private @Nullable FileLock held;

  private QueueLock(Path folder, Path path, Shared shared, FileChannel channel) {
    this.folder = folder;
    this.path = path;
    this.shared = shared;
    this.channel = channel;
  }

  static QueueLock open(Path folder) {
    Path path = folder.resolve("lock");
    try {
      Path real = folder.toRealPath();
      FileChannel channel = openChannel(path);
      synchronized (SHARED) {
        Shared shared = SHARED.computeIfAbsent(real, key -> new Shared());
        shared.handles++;
        return new QueueLock(real, path, shared, channel);
      }
    } catch (IOException e) {
      throw LogFile.failed("open", path, e, "Check that you may write to the folder.");
    }
  }

  private static FileChannel openChannel(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Enters the mutex; enough to look at this process's own state. */
  void enter() {
    shared.mutex.lock();
  }

  void leave() {
    shared.mutex.unlock();
  }

  /** Locks other processes out as well; only within the mutex. Not to be interrupted. */
  void lockFile() {
    boolean interrupted = false;
    try {
      while (held == null) {
        interrupted |= Thread.interrupted();
        try {
          held = channel.lock();
        } catch (FileLockInterruptionException | ClosedByInterruptException e) {
          interrupted = true;
          if (!channel.isOpen()) {
            channel = openChannel(path);
          }
        } catch (OverlappingFileLockException e) {
          // Another copy of this class in this JVM, from another class loader, holds it.
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
      }
    } catch (IOException e) {
      throw LogFile.failed("lock", path, e, "Use a folder on a file system that has file locks.");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void unlockFile() {
    try {
      Objects.requireNonNull(held, "not locked").release();
    } catch (IOException e) {
      throw LogFile.failed("unlock", path, e, "Open the queue again.");
    } finally {
      held = null;
    }
  }

  /** Waits for {@link #signal}, or for less, within the mutex. */
  @SuppressWarnings("WaitNotInLoop") // the caller's loop
  void await(long nanos) throws InterruptedException {
    long ignored = shared.changed.awaitNanos(nanos);
  }

  /** Wakes those who wait for messages, within the mutex. */
  void signal(int messages) {
    if (messages == 1) {
      shared.changed.signal();
    } else {
      shared.changed.signalAll();
    }
  }

  @Override
  public void close() {
    // Closing any channel on a file ends all of the process's locks on it: never while one is held.
    shared.mutex.lock();
    try {
      channel.close();
    } catch (IOException e) {
      throw LogFile.failed("close", path, e, "Check the disk.");
    } finally {
      shared.mutex.unlock();
      synchronized (SHARED) {
        if (--shared.handles == 0) {
          SHARED.remove(folder);
        }
      }
    }
  }
}
