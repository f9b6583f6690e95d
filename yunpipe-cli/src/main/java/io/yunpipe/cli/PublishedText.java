package io.yunpipe.cli;

import io.yunpipe.config.About;
import io.yunpipe.config.Published;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Versions of algorithms in a shared catalogue, as they are shown. */
final class PublishedText {
  private PublishedText() {}

  static Map<String, @Nullable Object> json(Published entry) {
    About about = entry.description().about();
    return JsonText.map(
        "name", entry.name(),
        "version", entry.version().text(),
        "previous", entry.previous().map(Object::toString).orElse(null),
        "published", entry.published().toString(),
        "digest", entry.digest(),
        "image", entry.image(),
        "base", about.base(),
        "author", about.author(),
        "description", about.description(),
        "inputs", about.inputs(),
        "outputs", about.outputs(),
        "test", entry.test().map(PublishedText::test).orElse(null));
  }

  private static Object test(Published.TestFile test) {
    return JsonText.map("name", test.name(), "size", test.size(), "sha256", test.sha256());
  }

  /** Returns where a version stands among others, in one line. */
  static String place(Published entry) {
    return entry.name()
        + " "
        + entry.version()
        + entry.previous().map(before -> ", after " + before).orElse(", the first version")
        + ", published "
        + entry.published();
  }
}
