package io.yunpipe.internal;

import io.yunpipe.internal.Children.Item;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.RelativeName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one or several uploads make an input of a run.
 *
 * @param identity the same for the same versions of the same objects, whoever finds them
 * @param path the name, unless the run has another input of that name
 * @param files its files
 * @param problem why it cannot be taken, or null
 */
record InboxInput(String identity, String path, List<InputRef> files, @Nullable String problem) {
  InboxInput {
    files = List.copyOf(files);
  }

  /** Returns the input that an upload is by itself. */
  static InboxInput of(InboxBatch batch, Upload upload) {
    String path = upload.key().substring(batch.prefix().length());
    Optional<String> problem = RelativeName.problem(path, RelativeName.MAX_BYTES);
    if (problem.isPresent()) {
      return broken(
          upload.identity(),
          RelativeName.substitute(path),
          "Could not take the upload %s: its name %s. Upload it under another name."
              .formatted(Quoted.of(upload.key()), problem.get()));
    }
    return new InboxInput(upload.identity(), path, List.of(file(upload, lastPart(path))), null);
  }

  static InboxInput broken(String identity, String path, String problem) {
    return new InboxInput(identity, path, List.of(), problem);
  }

  /** Returns an upload as a job's file. */
  static InputRef file(Upload upload, String name) {
    return new InputRef(name, upload.key(), upload.size(), "", null);
  }

  static String lastPart(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  Item item(String name) {
    return new Item(identity, name, files, problem);
  }
}
