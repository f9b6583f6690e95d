package io.yunpipe.runner;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All processes that one attempt started. Children are known to the operating system; those that
 * detached themselves are found, on Linux, by the mark in their environment or by a working folder
 * inside the attempt's scratch folder.
 */
final class ProcessTree {
  /** The environment variable that carries the attempt's id. */
  static final String MARK = "YUNPIPE_ATTEMPT";

  private static final Logger logger = LoggerFactory.getLogger(ProcessTree.class);
  private static final boolean PROC = Files.isReadable(Path.of("/proc/self/environ"));
  private static final int FEW = 64;
  private static final int ROUNDS = 200;

  private final String attempt;
  private final byte[] mark;
  private final Path scratch;
  private final Set<ProcessHandle> seen = new LinkedHashSet<>();

  ProcessTree(String attempt, Path scratch) {
    this.attempt = attempt;
    mark = (MARK + "=" + attempt + "\0").getBytes(StandardCharsets.UTF_8);
    this.scratch = scratch;
  }

  /** Ends the whole tree: SIGTERM, and SIGKILL for whatever is left after the grace. */
  void end(Process process, Duration grace) {
    boolean interrupted = Thread.interrupted();
    for (ProcessHandle member : members(process)) {
      member.destroy();
    }
    process.destroy();
    long deadline = System.nanoTime() + grace.toNanos();
    while (System.nanoTime() < deadline && (process.isAlive() || !members(process).isEmpty())) {
      interrupted |= pause(process);
    }
    interrupted |= kill(process);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends what a command that has ended by itself left running.
   *
   * @return how many processes
   */
  int endLeftovers(Process process) {
    List<ProcessHandle> left = PROC ? leftovers(process.pid()) : List.of();
    if (left.isEmpty()) {
      return 0;
    }
    seen.addAll(left);
    if (kill(process)) {
      Thread.currentThread().interrupt();
    }
    return seen.size();
  }

  private boolean kill(Process process) {
    boolean interrupted = false;
    for (int round = 0; round < ROUNDS; round++) {
      process.destroyForcibly();
      List<ProcessHandle> members = members(process);
      members.forEach(ProcessHandle::destroyForcibly);
      if (members.isEmpty() && !process.isAlive()) {
        return interrupted;
      }
      interrupted |= pause(process);
    }
    logger.warn(
        "Processes could not be ended: attempt={} pids={}", attempt, pids(members(process)));
    return interrupted;
  }

  private static List<Long> pids(List<ProcessHandle> handles) {
    return handles.stream().map(ProcessHandle::pid).toList();
  }

  private static boolean pause(Process process) {
    try {
      if (process.isAlive()) {
        process.waitFor(20, TimeUnit.MILLISECONDS);
      } else {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Returns the running members besides the process itself. */
  private List<ProcessHandle> members(Process process) {
    process.descendants().forEach(seen::add);
    if (PROC) {
      ProcessHandle.allProcesses().filter(this::isMarked).forEach(seen::add);
    }
    seen.remove(process.toHandle());
    return seen.stream().filter(ProcessTree::isRunning).toList();
  }

  /**
   * Finds processes of this attempt after its command has ended. Every job passes here, so the
   * common case must be cheap: process ids are handed out in order, and if few were since the
   * command's own, only these are looked at.
   */
  private List<ProcessHandle> leftovers(long command) {
    long last = lastPid();
    if (last == command) {
      return List.of();
    }
    if (last < command || last - command > FEW) {
      return ProcessHandle.allProcesses().filter(this::isMarked).toList();
    }
    List<ProcessHandle> found = new ArrayList<>();
    for (long pid = command + 1; pid <= last; pid++) {
      if (new File("/proc/" + pid).exists() && isMarked(pid)) {
        ProcessHandle.of(pid).ifPresent(found::add);
      }
    }
    return found;
  }

  /** Returns the id handed out last, or 0 if that is not known. */
  private static long lastPid() {
    byte[] line = new byte[128];
    try (InputStream in = new FileInputStream("/proc/loadavg")) {
      int length = in.read(line);
      String text = new String(line, 0, Math.max(length, 0), StandardCharsets.US_ASCII).strip();
      return Long.parseLong(text.substring(text.lastIndexOf(' ') + 1));
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  private boolean isMarked(ProcessHandle handle) {
    return isMarked(handle.pid());
  }

  private boolean isMarked(long pid) {
    if (pid == ProcessHandle.current().pid()) {
      return false;
    }
    try (InputStream in = new FileInputStream("/proc/" + pid + "/environ")) {
      if (contains(in.readAllBytes(), mark)) {
        return true;
      }
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).startsWith(scratch);
    } catch (IOException e) {
      return false; // gone, or another user's
    }
  }

  private static boolean contains(byte[] environment, byte[] mark) {
    int start = 0;
    for (int i = 0; i < environment.length; i++) {
      if (environment[i] == 0) {
        if (i + 1 - start == mark.length
            && java.util.Arrays.equals(environment, start, i + 1, mark, 0, mark.length)) {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }

  /** A process that has ended but was not waited for counts as alive to the JDK; not to us. */
  private static boolean isRunning(ProcessHandle handle) {
    if (!handle.isAlive()) {
      return false;
    }
    if (!PROC) {
      return true;
    }
    return state(handle.pid()).filter(state -> state != 'Z' && state != 'X').isPresent();
  }

  private static Optional<Character> state(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      return Optional.of(stat.charAt(stat.lastIndexOf(')') + 2));
    } catch (IOException | StringIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
