package io.yunpipe.internal;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.RelativeName;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a document names. Its own key says where it may look, never its text: below the folder
 * it lies in, or the one above its folder {@code submissions}.
 */
final class SubmitNames {
  private static final String SUBMISSIONS = "/submissions/";
  private static final int MAX_FILES = 10_000;
  private static final int SHOWN = 5;

  private final ObjectStore store;
  private final String base;
  private final List<String> problems = new ArrayList<>();

  SubmitNames(ObjectStore store, String documentKey) {
    this.store = store;
    this.base = base(documentKey);
  }

  /** Returns what all keys that a document may name start with. */
  static String base(String documentKey) {
    int submissions = documentKey.lastIndexOf(SUBMISSIONS);
    return documentKey.substring(
        0, 1 + (submissions >= 0 ? submissions : documentKey.lastIndexOf('/')));
  }

  /**
   * Returns an input for each name.
   *
   * @throws InvalidInputException with the names that cannot be used
   */
  List<InboxInput> inputs(SubmitDocument document) {
    @Nullable Upload config = null;
    if (document.config() != null) {
      List<Upload> found = find(document.config());
      config = found.isEmpty() ? null : found.get(0);
    }
    List<InboxInput> inputs = new ArrayList<>();
    for (int i = 0; i < document.names().size(); i++) {
      List<Upload> files = find(document.names().get(i));
      if (!files.isEmpty()) {
        inputs.add(input(i, path(document.names().get(i)), files, config));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidInputException(
          String.join("; ", problems.subList(0, Math.min(SHOWN, problems.size())))
              + (problems.size() > SHOWN ? "; and " + (problems.size() - SHOWN) + " more" : ""));
    }
    return inputs;
  }

  private static InboxInput input(
      int number, String path, List<Upload> uploads, @Nullable Upload config) {
    List<InputRef> files = new ArrayList<>();
    String folder = path + "/";
    for (Upload upload : uploads) {
      int inside = upload.key().lastIndexOf(folder);
      files.add(
          InboxInput.file(
              upload,
              uploads.size() == 1 || inside < 0
                  ? InboxInput.lastPart(upload.key())
                  : upload.key().substring(inside + folder.length())));
    }
    if (config != null) {
      String name = InboxInput.lastPart(config.key());
      boolean there = files.stream().anyMatch(file -> file.name().equals(name));
      files.add(InboxInput.file(config, there ? "config/" + name : name));
    }
    // Naming an object twice makes two jobs.
    return new InboxInput(Ids.hash("submit", Integer.toString(number), path), path, files, null);
  }

  /** Returns a name without the laboratory it may begin with, and without a slash at its end. */
  private String path(String name) {
    String folder = base.substring(0, base.length() - 1);
    String lab = InboxInput.lastPart(folder);
    String path = name;
    if (path.startsWith(lab + "/")) {
      path = path.substring(lab.length() + 1);
    } else if (lab.startsWith(InboxBatch.LAB) && path.startsWith(lab.substring(1) + "/")) {
      path = path.substring(lab.length());
    }
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private List<Upload> find(String name) {
    String path = path(name);
    Optional<String> problem = RelativeName.problem(path, RelativeName.MAX_BYTES);
    if (problem.isPresent()) {
      problems.add("the name " + Quoted.of(name) + " " + problem.get());
      return List.of();
    }
    String key = base + path;
    Optional<ObjectInfo> object = store.head(key);
    if (object.isPresent()) {
      return List.of(Upload.of(object.get()));
    }
    List<Upload> files = new ArrayList<>();
    Protocol.pages(
        store,
        key + "/",
        each -> {
          if (!InboxBatch.showsFolder(each.key(), each.size()) && files.size() <= MAX_FILES) {
            files.add(Upload.of(each));
          }
        });
    if (files.isEmpty()) {
      problems.add(
          "%s is neither an object nor a folder with objects: nothing at %s. Names are looked for below %s only"
              .formatted(Quoted.of(name), Quoted.of(key), base));
    } else if (files.size() > MAX_FILES) {
      problems.add("the folder " + Quoted.of(name) + " has more than " + MAX_FILES + " objects");
    }
    return files;
  }
}
