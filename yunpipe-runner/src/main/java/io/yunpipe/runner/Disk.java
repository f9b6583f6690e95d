package io.yunpipe.runner;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Says what a failure of this machine's own disk means. */
final class Disk {
  private static final long FULL = 64 << 10;

  private Disk() {}

  /** The attempt is not to blame: its folder could not be written or read. */
  static BackendException problem(IOException cause, String job, Path folder) {
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    boolean full = text.contains("no space left") || text.contains("quota exceeded");
    return new BackendException(
        full
            ? "Could not stage job "
                + job
                + ": the disk is full at "
                + folder
                + " ("
                + cause.getMessage()
                + "). Free space there or use a scratch folder on another disk; the job will be tried again."
            : "Could not prepare job " + job + " in " + folder + ": " + cause,
        true,
        cause);
  }

  static boolean full(Path folder) {
    return folder.toFile().getUsableSpace() < FULL;
  }

  /** Adds to a problem of a command that the disk is full, which it may have been unable to say. */
  static JobProblem andFull(JobProblem problem, Path folder) {
    return problem.and("; the disk is full at " + folder + ": free space there");
  }

  /** A name that this process cannot give to a file, though the disk could take it. */
  static BackendException unmappable(InvalidPathException cause, String name) {
    return new BackendException(
        "Could not make a file named '"
            + name
            + "': the platform's encoding of file names is "
            + System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name())
            + ", which lacks its characters. Start this program with LC_ALL=C.UTF-8.",
        cause);
  }
}
