package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.internal.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an engine says of an image that it has.
 *
 * @param id the engine's own id of it
 * @param digests its names with digests; none for an image that came from no registry
 * @param labels labels of its configuration
 * @param environment its variables, as {@code NAME=VALUE}
 * @param user who its containers run as; may be empty
 */
record ImageFacts(
    String id,
    List<String> digests,
    Map<String, String> labels,
    List<String> environment,
    String user) {
  /** Makes {@code image inspect} print it. Podman knows {@code Id} only where it stands alone. */
  static final String FORMAT =
      "{\"id\":\"{{.Id}}\",\"digests\":{{json .RepoDigests}},\"labels\":{{json .Config.Labels}},"
          + "\"environment\":{{json .Config.Env}},\"user\":{{json .Config.User}}}";

  /** Labels of an image that a worker was added to: what the image was made to run. */
  private static final String ENTRY_POINT = "io.yunpipe.entrypoint";

  private static final String COMMAND = "io.yunpipe.cmd";

  /** The worker that was added. */
  private static final String RUNNER = "io.yunpipe.runner";

  private static final int MAX_WORDS = 1000;
  private static final Pattern BARE_ID = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern ROOT = Pattern.compile("(root|0+)?(:.*)?");

  /** Replaces what was absent by empty values, and writes the id as docker does. */
  ImageFacts {
    id = BARE_ID.matcher(id).matches() ? "sha256:" + id : id;
    user = user == null ? "" : user;
    digests = digests == null ? List.of() : List.copyOf(digests);
    labels = labels == null ? Map.of() : labels;
    environment = environment == null ? List.of() : environment;
  }

  /**
   * Reads what the format printed.
   *
   * @throws BackendException if it is something else
   */
  static ImageFacts parse(String json, String image) {
    return Json.read(json, ImageFacts.class, "what the engine says of image " + image);
  }

  /**
   * Returns the image's name with its digest, if it came from a registry under that name. Podman
   * gives digests to images that were built here, too, and calls them {@code localhost/…}.
   */
  Optional<String> digest(String image) {
    String name = whole(repository(image));
    return digests.stream()
        .filter(digest -> !digest.startsWith("localhost/"))
        .filter(digest -> whole(digest.substring(0, Math.max(0, digest.indexOf('@')))).equals(name))
        .findFirst();
  }

  /** Returns a name with that of its registry, which engines add or leave out. */
  static String whole(String name) {
    String first = name.substring(0, Math.max(0, name.indexOf('/')));
    if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
      return name;
    }
    return "docker.io/" + (first.isEmpty() ? "library/" : "") + name;
  }

  /** Returns the name without tag and digest; a colon before a slash is that of a port. */
  private static String repository(String image) {
    int at = image.indexOf('@');
    String name = at < 0 ? image : image.substring(0, at);
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }

  /** Returns whether a worker was added to the image, which its entry point starts. */
  boolean wrapped() {
    return labels.containsKey(RUNNER) || labels.containsKey(ENTRY_POINT);
  }

  /** Returns whether its containers run as root, unless told otherwise. */
  boolean root() {
    return ROOT.matcher(user).matches();
  }

  /** Returns the image's variables that its worker passes on to algorithms. */
  Map<String, String> passed() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String one : environment) {
      int equals = one.indexOf('=');
      all.put(equals < 0 ? one : one.substring(0, equals), one.substring(equals + 1));
    }
    String passed = all.getOrDefault("YUNPIPE_PASS", "");
    all.keySet().retainAll(new HashSet<>(List.of(passed.split(",", -1))));
    return all;
  }

  /**
   * Returns what the image ran before a worker was added to it.
   *
   * @throws JobProblem if its labels cannot be read
   */
  List<String> ownCommand(String image) throws JobProblem {
    List<String> words = new ArrayList<>(words(ENTRY_POINT, image));
    words.addAll(words(COMMAND, image));
    return words;
  }

  private List<String> words(String label, String image) throws JobProblem {
    @Nullable String json = labels.get(label);
    if (json == null || json.isBlank()) {
      return List.of();
    }
    try {
      String[] words = Json.read(json, String[].class, label);
      if (words == null) {
        return List.of();
      }
      if (words.length <= MAX_WORDS) {
        return List.of(words);
      }
    } catch (BackendException | NullPointerException e) {
      // Said below.
    }
    throw JobProblem.permanent(
        "image '%s' has a label %s that is no JSON array of strings: %s. Wrap it again, or give the algorithm a command."
            .formatted(image, label, LogText.shorten(json)));
  }
}
