package io.yunpipe;

import java.io.IOException;
import java.nio.file.Path;

/** Takes a Java function's outputs; all of them appear, or none. For the calling thread. */
public interface JobOutput {
  /**
   * Returns the output folder, empty at first; what lies in it at the end is the result.
   *
   * @throws IOException if it cannot be created
   */
  Path folder() throws IOException;

  /**
   * Writes one output file.
   *
   * @param name relative path with {@code /}, inside the output folder
   * @param content the bytes
   * @throws IOException if it cannot be written
   */
  void write(String name, byte[] content) throws IOException;

  /** Adds a line to the job's log. */
  void log(String line);
}
