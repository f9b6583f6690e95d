package io.yunpipe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** What a Java function gets. For the calling thread, and for the length of the call. */
public interface JobInput {
  /** Returns the input's path relative to the submission, such as {@code plate-a/x.png}. */
  String name();

  /** Returns the variables of this job, unmodifiable. */
  Map<String, String> variables();

  /**
   * Returns a file with the input, or a folder if the job has several. It is a copy and may be
   * changed. Staged at the first call, checksums verified.
   *
   * @throws IOException if it cannot be staged
   */
  Path path() throws IOException;

  /**
   * Returns the input's bytes, checksums verified.
   *
   * @throws IOException if it cannot be read, or the job has several inputs
   */
  byte[] bytes() throws IOException;
}
