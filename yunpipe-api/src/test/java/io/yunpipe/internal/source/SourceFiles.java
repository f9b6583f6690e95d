package io.yunpipe.internal.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A folder for files to read from, and what {@link Sources} gives of them. */
abstract class SourceFiles {
  @TempDir Path temp;

  final void put(String... names) {
    for (String name : names) {
      try {
        Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static List<SourceItem> items(Inputs inputs, MapStore store) {
    List<SourceItem> items = new ArrayList<>();
    try (SourceReader reader = Sources.open(inputs, store)) {
      while (reader.hasNext()) {
        items.add(reader.next());
      }
    }
    return items;
  }

  static List<String> names(Inputs inputs) {
    return items(inputs, null).stream().map(SourceItem::name).toList();
  }

  static SourceItem only(Inputs inputs) {
    List<SourceItem> items = items(inputs, null);
    assertThat(items).hasSize(1);
    return items.get(0);
  }

  static String problem(SourceItem item) {
    return item.problem().orElseThrow().getMessage();
  }

  static void refused(Inputs inputs, String message) {
    assertThatThrownBy(() -> names(inputs))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  static String text(SourceItem item) throws IOException {
    try (InputStream in = item.content().open()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
