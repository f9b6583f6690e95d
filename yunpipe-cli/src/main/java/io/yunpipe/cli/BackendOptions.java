package io.yunpipe.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that override settings of the configuration. */
final class BackendOptions {
  @Option(
      names = "--backend-dir",
      paramLabel = "DIR",
      description = "Where the local backend keeps runs (setting yunpipe.local.directory).")
  private @Nullable Path directory;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "The backend (setting yunpipe.backend).")
  private @Nullable String backend;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Overrides a setting, such as -Dyunpipe.local.cpus=2. May be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>(settings);
    if (directory != null) {
      all.put("yunpipe.local.directory", directory.toAbsolutePath().toString());
    }
    if (backend != null) {
      all.put("yunpipe.backend", backend);
    }
    return all;
  }

  /**
   * Returns these options as another command needs them to find the same run; starts with a blank.
   */
  String hint() {
    StringBuilder hint = new StringBuilder();
    if (backend != null) {
      hint.append(" --backend ").append(Shell.quote(backend));
    }
    if (directory != null) {
      hint.append(" --backend-dir ").append(Shell.quote(directory.toString()));
    }
    settings.forEach((key, value) -> hint.append(" -D").append(Shell.quote(key + "=" + value)));
    return hint.toString();
  }
}
