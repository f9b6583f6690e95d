package io.yunpipe.cli;

import io.yunpipe.config.Settings;
import io.yunpipe.config.SharedCatalogue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say where algorithms are shared. */
final class CatalogueOptions {
  @Option(
      names = "--catalogue",
      paramLabel = "LOCATION",
      description =
          "The shared catalogue: a folder, or s3://bucket/prefix (setting yunpipe.catalogue).")
  private @Nullable String location;

  @Mixin private BackendOptions backend = new BackendOptions();

  /** Returns the settings in force for a pipeline's file, or for none. */
  Settings load(@Nullable Path file) {
    return Settings.load(file, settings());
  }

  SharedCatalogue open() {
    return SharedCatalogue.open(load(null));
  }

  /** Returns what is set here, by path. */
  Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>(backend.settings());
    if (location != null) {
      all.put(SharedCatalogue.SETTING, location);
    }
    return all;
  }
}
