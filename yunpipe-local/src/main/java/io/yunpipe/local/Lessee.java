package io.yunpipe.local;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A process that holds leases, known so well that another on the same machine can tell that it has
 * died, although its number may have been given to a new one.
 *
 * @param machine the machine and, where there are such, the namespace in which the number counts
 * @param boot the machine's start; a process does not outlive it
 * @param start when the process started, in the system's own unit
 */
record Lessee(String machine, String boot, long pid, long start) {
  private static final Path PROC = Path.of("/proc");
  private static final long DEAD = -1;
  private static final long UNKNOWN = 0;
  private static final Lessee CURRENT = findCurrent();

  static Lessee current() {
    return CURRENT;
  }

  boolean isCurrent() {
    return equals(CURRENT);
  }

  /** Returns whether the process is certainly gone. */
  boolean isDead() {
    if (isCurrent() || !machine.equals(CURRENT.machine)) {
      return false;
    }
    if (!boot.equals(CURRENT.boot)) {
      return true;
    }
    long now = startOf(pid);
    return now == DEAD || (now != UNKNOWN && start != UNKNOWN && now != start);
  }

  private static Lessee findCurrent() {
    long pid = ProcessHandle.current().pid();
    String boot = read(PROC.resolve("sys/kernel/random/boot_id"));
    return new Lessee(machineName(), boot, pid, startOf(pid));
  }

  private static String machineName() {
    String name = read(PROC.resolve("sys/kernel/hostname"));
    if (name.isEmpty()) {
      try {
        name = InetAddress.getLocalHost().getHostName();
      } catch (IOException e) {
        name = "localhost";
      }
    }
    return name + " " + read(Path.of("/etc/machine-id")) + " " + link(PROC.resolve("self/ns/pid"));
  }

  private static long startOf(long pid) {
    if (Files.exists(PROC.resolve("self/stat"))) {
      String stat = read(PROC.resolve(pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
      // Fields 3 and 22 of proc(5). A zombie still has a number, but does nothing any more.
      boolean gone = fields.length < 20 || fields[0].equals("Z") || fields[0].equals("X");
      return gone ? DEAD : Long.parseLong(fields[19]);
    }
    return ProcessHandle.of(pid)
        .map(process -> process.info().startInstant().map(Instant::toEpochMilli).orElse(UNKNOWN))
        .orElse(DEAD);
  }

  private static String read(Path path) {
    try {
      return Files.readString(path).trim();
    } catch (IOException e) {
      return "";
    }
  }

  private static String link(Path path) {
    try {
      return Files.readSymbolicLink(path).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}
