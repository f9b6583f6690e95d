package io.yunpipe.runner;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away processes that have ended and whose parents have, too, while this process is the first
 * of its container: they became its children, and each would keep its number until the container
 * ends.
 *
 * <p>Java waits only for the processes it started itself. The one method of it that can wait for
 * any is private, so this needs {@code --add-opens java.base/java.lang=ALL-UNNAMED}; without that,
 * a warning tells to start the container with an init program.
 */
final class Orphans {
  private static final Logger logger = LoggerFactory.getLogger(Orphans.class);
  private static final long PERIOD_SECONDS = 5;

  private final MethodHandle waitFor;
  private Set<Long> before = Set.of();

  private Orphans(MethodHandle waitFor) {
    this.waitFor = waitFor;
  }

  /** Begins, for as long as this process lives, if it is the first; does nothing otherwise. */
  static void reapIfFirst() {
    MethodHandle waitFor = ProcessHandle.current().pid() == 1 ? waitFor() : null;
    if (waitFor != null) {
      Orphans orphans = new Orphans(waitFor);
      // Nothing is lost with the future: reap() throws nothing.
      var unused =
          Executors.newSingleThreadScheduledExecutor(Orphans::thread)
              .scheduleWithFixedDelay(
                  orphans::reap, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "orphans");
    thread.setDaemon(true);
    return thread;
  }

  private static @Nullable MethodHandle waitFor() {
    try {
      Class<?> type = Class.forName("java.lang.ProcessHandleImpl");
      Method method = type.getDeclaredMethod("waitForProcessExit0", long.class, boolean.class);
      method.setAccessible(true);
      return MethodHandles.lookup()
          .unreflect(method)
          .asType(MethodType.methodType(int.class, long.class, boolean.class));
    } catch (ReflectiveOperationException | RuntimeException e) {
      logger.warn(
          "This worker is the container's first process and cannot take away orphans that ended:"
              + " start the container with an init program (docker run --init; initProcessEnabled)"
              + " or Java with --add-opens java.base/java.lang=ALL-UNNAMED");
      return null;
    }
  }

  /** Those seen twice are nobody else's: Java takes away at once what it started itself. */
  private void reap() {
    Set<Long> now =
        ProcessHandle.current()
            .children()
            .map(ProcessHandle::pid)
            .filter(Orphans::hasEnded)
            .collect(Collectors.toCollection(HashSet::new));
    List<Long> orphans = now.stream().filter(before::contains).toList();
    orphans.forEach(this::take);
    before = now;
  }

  private void take(long pid) {
    try {
      int code = (int) waitFor.invokeExact(pid, true);
      logger.debug("Took away process {}, which ended with {}", pid, code);
    } catch (Throwable e) {
      logger.warn("Could not take away process {}: {}", pid, e.toString());
    }
  }

  private static boolean hasEnded(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
    } catch (IOException | StringIndexOutOfBoundsException e) {
      return false;
    }
  }
}
