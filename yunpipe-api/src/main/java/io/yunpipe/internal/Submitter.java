package io.yunpipe.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The program that submits a run; tells whether a submission was broken off.
 *
 * @param host its machine
 * @param pid its process
 * @param started when the process began, in milliseconds since 1970, as far as known
 * @param inbox the batch of uploads that makes the run, whatever program takes them, or null
 */
record Submitter(String host, long pid, long started, @Nullable String inbox) {
  static Submitter current() {
    ProcessHandle process = ProcessHandle.current();
    return new Submitter(hostName(), process.pid(), start(process), null);
  }

  /** Returns the submitter of a run that is made of uploads; it is never gone. */
  static Submitter inbox(String batch) {
    return new Submitter("", 0, 0, batch);
  }

  /** Returns whether it is known to be gone; false for another machine's. */
  boolean gone() {
    if (inbox != null || !host.equals(hostName())) {
      return false;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    return process.isEmpty() || !process.get().isAlive() || start(process.get()) != started;
  }

  private static long start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
