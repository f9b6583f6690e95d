package io.yunpipe.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * Settings of the JDK's logging: warnings only, a line each. The JDK makes an object of this class
 * when it is named by the property {@code java.util.logging.config.class}.
 */
public final class LogSettings {
  static final String DEBUG = "yunpipe.cli.debug";

  /**
   * Applies the settings.
   *
   * @throws IOException never, since they are in memory
   */
  public LogSettings() throws IOException {
    String settings =
        """
        handlers = java.util.logging.ConsoleHandler
        .level = %s
        java.util.logging.ConsoleHandler.level = ALL
        java.util.logging.SimpleFormatter.format = %%4$s: %%5$s%%6$s%%n
        """
            .formatted(Boolean.getBoolean(DEBUG) ? "FINE" : "WARNING");
    LogManager.getLogManager()
        .readConfiguration(
            new ByteArrayInputStream(settings.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
