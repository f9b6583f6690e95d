package io.yunpipe.cli;

import io.yunpipe.Run;
import io.yunpipe.RunStatus;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results written to a folder. */
final class Downloads {
  private Downloads() {}

  /** Downloads the results and says so. */
  static long download(Run run, Path folder) {
    long files = run.download(folder);
    Messages.say(Messages.count(files, "result file") + " in " + folder);
    return files;
  }

  /** Returns the status, and where the results are if they were downloaded. */
  static Map<String, @Nullable Object> json(
      RunStatus status, @Nullable Path folder, @Nullable Long files) {
    Map<String, @Nullable Object> json = JsonText.status(status);
    json.put("output", folder == null ? null : folder.toString());
    json.put("files", files);
    return json;
  }
}
