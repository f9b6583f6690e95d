package io.yunpipe.lambda;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a router reads from its environment, as docs/uploads.md explains it.
 *
 * @param backend the backend's name
 * @param backendSettings its settings
 * @param ingress pipeline and stage by whose names the backend knows the queue of events
 * @param tick time between two looks at all unfinished runs, where the router looks by itself
 * @param pipeline the only pipeline whose runs it looks after; null: all of the store's
 */
record RouterSettings(
    String backend,
    Map<String, String> backendSettings,
    Ingress ingress,
    Duration tick,
    @Nullable String pipeline) {
  private static final String PREFIX = "YUNPIPE_";

  /** The queue of events. */
  record Ingress(String pipeline, String queue) {}

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if one is wrong; it names the variable
   */
  static RouterSettings of(Map<String, String> environment) {
    String backend = environment.getOrDefault(PREFIX + "BACKEND", "aws");
    String own = PREFIX + backend.toUpperCase(Locale.ROOT) + "_";
    Map<String, String> settings = new LinkedHashMap<>();
    if (backend.equals("aws")) {
      // A router never works on jobs itself.
      settings.put("compute", "external");
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(own)) {
            String setting = name.substring(own.length());
            settings.put(setting.toLowerCase(Locale.ROOT).replace('_', '-'), value);
          }
        });
    return new RouterSettings(
        backend,
        settings,
        ingress(environment.getOrDefault(PREFIX + "INGRESS", "ingress/events")),
        tick(environment.getOrDefault(PREFIX + "TICK", "60")),
        pipeline(environment.getOrDefault(PREFIX + "PIPELINE", "")));
  }

  private static Ingress ingress(String text) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      throw new IllegalArgumentException(
          "YUNPIPE_INGRESS must be two names with a slash, such as ingress/events, but was '"
              + text
              + "'");
    }
    return new Ingress(text.substring(0, slash), text.substring(slash + 1));
  }

  private static @Nullable String pipeline(String text) {
    return text.isBlank() ? null : text.strip();
  }

  private static Duration tick(String text) {
    try {
      long seconds = Long.parseLong(text.strip());
      if (seconds >= 1 && seconds <= 3600) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      // Said below, with the range.
    }
    throw new IllegalArgumentException(
        "YUNPIPE_TICK must be seconds from 1 to 3600, but was '" + text + "'");
  }

  /** Returns the only bucket whose events count; empty for any. */
  String bucket() {
    return backendSettings.getOrDefault("bucket", "");
  }

  /** Returns what keys start with in the bucket, but not in the store. */
  String keyPrefix() {
    return backendSettings.getOrDefault("prefix", "");
  }
}
