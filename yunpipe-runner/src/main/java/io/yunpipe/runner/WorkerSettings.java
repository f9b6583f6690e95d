package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.config.Durations;
import io.yunpipe.internal.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's process reads from its environment, as docs/worker.md explains it.
 *
 * @param job the jobs to run instead of a queue's, as JSON or {@code key:<object>}; null for the
 *     queue's
 */
record WorkerSettings(
    String backend,
    String pipeline,
    String stage,
    Map<String, String> backendSettings,
    Duration idle,
    Duration grace,
    int concurrency,
    long maxLogBytes,
    Path scratch,
    UserId user,
    boolean userGiven,
    boolean inside,
    List<String> entryPoint,
    Map<String, String> passed,
    @Nullable String job) {
  private static final String PREFIX = "YUNPIPE_";

  /** Names that may hold what the worker's rights come from. */
  private static final Pattern SECRET = Pattern.compile("(AWS|YUNPIPE|ECS)_.*");

  /** Settings that cannot be used; all of them at once. */
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(List<String> problems) {
      super(
          "The worker's environment has "
              + problems.size()
              + " problem(s):\n  - "
              + String.join("\n  - ", problems));
    }
  }

  /** Returns how long a silent worker keeps a message. */
  Duration lease() {
    return Durations.parse(backendSettings.getOrDefault("lease", "60s"));
  }

  /** Reads them. */
  static WorkerSettings of(Map<String, String> environment) throws Invalid {
    return new Reader(environment).read();
  }

  private static final class Reader {
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    Reader(Map<String, String> environment) {
      this.environment = environment;
    }

    WorkerSettings read() throws Invalid {
      String backend = text("BACKEND", "aws");
      String job = environment.get(PREFIX + "JOB");
      String pipeline = required("PIPELINE", "the pipeline's name");
      String stage = job == null ? required("STAGE", "the stage whose queue to drain") : "";
      boolean inside = flag("INSIDE");
      long concurrency = number("CONCURRENCY", 1, 1, 1024);
      if (inside && concurrency > 1) {
        problems.add(
            "YUNPIPE_CONCURRENCY must be 1 with YUNPIPE_INSIDE: commands find their files under"
                + " fixed paths; start more containers instead");
      }
      Map<String, String> settings = below(PREFIX + backend.toUpperCase(Locale.ROOT) + "_");
      if (settings.containsKey("lease")) {
        parsed(PREFIX + backend.toUpperCase(Locale.ROOT) + "_LEASE", "60s", Durations::parse);
      }
      WorkerSettings read =
          new WorkerSettings(
              backend,
              pipeline,
              stage,
              settings,
              parsed(PREFIX + "IDLE", "60s", Reader::notNegative),
              parsed(PREFIX + "GRACE", "100s", Reader::notNegative),
              (int) concurrency,
              number("MAX_LOG_BYTES", 64L << 20, 64 << 10, Long.MAX_VALUE),
              Path.of(text("SCRATCH", System.getProperty("java.io.tmpdir"))).toAbsolutePath(),
              parsed(PREFIX + "USER", UserId.NOBODY.toString(), UserId::parse),
              environment.containsKey(PREFIX + "USER"),
              inside,
              entryPoint(),
              passed(),
              job);
      if (!problems.isEmpty()) {
        throw new Invalid(problems);
      }
      return read;
    }

    private String text(String name, String otherwise) {
      String value = environment.getOrDefault(PREFIX + name, "");
      return value.isBlank() ? otherwise : value;
    }

    private String required(String name, String what) {
      String value = text(name, "");
      if (value.isEmpty()) {
        problems.add(PREFIX + name + " is not set; it must be " + what);
      }
      return value;
    }

    private boolean flag(String name) {
      String value = text(name, "false");
      if (!value.equals("true") && !value.equals("false")) {
        problems.add(PREFIX + name + " must be true or false, but was '" + value + "'");
      }
      return value.equals("true");
    }

    private long number(String name, long otherwise, long least, long most) {
      String value = text(name, String.valueOf(otherwise));
      try {
        long number = Long.parseLong(value);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below, with the range.
      }
      problems.add(
          PREFIX
              + name
              + " must be a whole number "
              + (most == Long.MAX_VALUE ? "from " + least : "from " + least + " to " + most)
              + ", but was '"
              + value
              + "'");
      return otherwise;
    }

    private <T> T parsed(String variable, String otherwise, Function<String, T> parser) {
      String value = environment.getOrDefault(variable, otherwise);
      try {
        return parser.apply(value);
      } catch (IllegalArgumentException e) {
        problems.add(variable + ": " + e.getMessage());
        return parser.apply(otherwise);
      }
    }

    private static Duration notNegative(String text) {
      Duration duration = Durations.parse(text);
      if (duration.isNegative()) {
        throw new IllegalArgumentException("expected no negative duration, but found " + text);
      }
      return duration;
    }

    private Map<String, String> below(String prefix) {
      Map<String, String> settings = new LinkedHashMap<>();
      environment.forEach(
          (variable, value) -> {
            if (variable.startsWith(prefix)) {
              String name = variable.substring(prefix.length());
              settings.put(name.toLowerCase(Locale.ROOT).replace('_', '-'), value);
            }
          });
      return settings;
    }

    private List<String> entryPoint() {
      String value = text("ENTRYPOINT", "");
      if (value.isEmpty()) {
        return List.of();
      }
      try {
        return List.of(Json.read(value, String[].class, "it"));
      } catch (BackendException | NullPointerException e) {
        problems.add(
            "YUNPIPE_ENTRYPOINT must be a JSON array of strings, such as [\"/bin/run\", \"-x\"],"
                + " but was '"
                + value
                + "'");
        return List.of();
      }
    }

    private Map<String, String> passed() {
      Map<String, String> passed = new LinkedHashMap<>();
      Arrays.stream(text("PASS", "").split(",", -1))
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .forEach(name -> pass(name, passed));
      return passed;
    }

    private void pass(String name, Map<String, String> passed) {
      if (SECRET.matcher(name).matches()) {
        problems.add(
            "YUNPIPE_PASS names "
                + name
                + ": variables that begin with AWS_, ECS_ or YUNPIPE_ belong to the worker and never"
                + " reach an algorithm");
      } else if (environment.containsKey(name)) {
        passed.put(name, environment.get(name));
      }
    }
  }
}
