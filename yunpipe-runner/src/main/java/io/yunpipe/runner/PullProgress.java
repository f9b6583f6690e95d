package io.yunpipe.runner;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts an image's layers while an engine fetches them. Not thread-safe. */
final class PullProgress {
  /** {@code a1b2c3d4e5f6: Pull complete} of docker. */
  private static final Pattern DOCKER = Pattern.compile("([0-9a-f]{12}): (.+)");

  /** {@code Copying blob sha256:a1b2c3… done} of podman. */
  private static final Pattern PODMAN =
      Pattern.compile("Copying (?:blob|config) (?:sha256:)?([0-9a-f]{12,64})(.*)");

  private static final Pattern DONE =
      Pattern.compile("(?i).*(pull complete|already exists|done|skipped).*");

  /** More than any image has; what says so is no engine. */
  private static final int MAX_LAYERS = 10_000;

  private final String image;
  private final Consumer<String> notes;
  private final Map<String, Boolean> layers = new HashMap<>();
  private long done;

  PullProgress(String image, Consumer<String> notes) {
    this.image = image;
    this.notes = notes;
    notes.accept("fetching image " + image);
  }

  /** Takes a line of what the engine says. */
  void line(String line) {
    Matcher layer = DOCKER.matcher(line);
    if (!layer.matches()) {
      layer = PODMAN.matcher(line);
    }
    if (!layer.matches() || layers.size() > MAX_LAYERS) {
      return;
    }
    boolean complete = DONE.matcher(layer.group(2)).matches();
    Boolean before = layers.put(layer.group(1), complete);
    if (complete && !Boolean.TRUE.equals(before)) {
      done++;
    }
    if (before == null || before != complete) {
      notes.accept("fetching image " + image + " (" + done + " of " + layers.size() + " layers)");
    }
  }
}
