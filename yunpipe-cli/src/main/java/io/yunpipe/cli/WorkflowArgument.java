package io.yunpipe.cli;

import io.yunpipe.Engine;
import io.yunpipe.Pipeline;
import io.yunpipe.config.Catalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The file that says what to run, as the first word. */
class WorkflowArgument {
  @Parameters(
      index = "0",
      paramLabel = "WORKFLOW",
      description = "A pipeline, workflow or algorithm file, or the name of a described algorithm.")
  private Path file = Path.of("");

  @Mixin private BackendOptions backend = new BackendOptions();

  final Path file() {
    return described(file);
  }

  /** Returns the file; of a name that is no file's, the one that describes the algorithm. */
  static Path described(Path fileOrName) {
    return Files.isRegularFile(fileOrName)
        ? fileOrName
        : Catalogue.ofUser().find(fileOrName.toString()).orElse(fileOrName);
  }

  /** Returns the settings for what only the backend of AWS has, unless another one is named. */
  final Map<String, String> settingsOnAws() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("yunpipe.backend", "aws");
    settings.putAll(backend.settings());
    return settings;
  }

  final Pipeline open() {
    return Engine.get().load(file(), backend.settings());
  }

  /**
   * Returns the options with which other commands find this workflow's runs; starts with a blank.
   */
  final String hint() {
    return " -w " + Shell.quote(file().toString()) + backend.hint();
  }
}
