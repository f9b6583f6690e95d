package io.yunpipe.wrap;

import java.util.List;
import java.util.Map;

/**
 * What an image says about how it is run. Lists and maps are unmodifiable.
 *
 * @param entryPoint empty if it has none
 * @param command what follows the entry point; empty if there is none
 * @param environment its variables
 * @param user as in {@code USER}; empty means root
 * @param workingDirectory empty means the root folder
 * @param ports such as {@code 9090/tcp}
 * @param labels its labels
 */
public record ImageConfig(
    List<String> entryPoint,
    List<String> command,
    Map<String, String> environment,
    String user,
    String workingDirectory,
    List<String> ports,
    Map<String, String> labels) {
  /** Copies lists and maps. */
  public ImageConfig {
    entryPoint = List.copyOf(entryPoint);
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
  }
}
