package io.yunpipe.e2e.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The project's documents. */
final class Documents {
  static final Path ROOT =
      Path.of(System.getProperty("yunpipe.root", ".")).toAbsolutePath().normalize();

  private Documents() {}

  /** Returns the documents at the top and below docs, and those of the samples. */
  static List<Path> all() {
    List<Path> found = new ArrayList<>();
    for (String folder : List.of("", "docs", "samples", "bench")) {
      int depth = folder.isEmpty() ? 1 : 2;
      if (Files.isDirectory(ROOT.resolve(folder))) {
        try (Stream<Path> paths = Files.walk(ROOT.resolve(folder), depth)) {
          paths.filter(path -> path.toString().endsWith(".md")).sorted().forEach(found::add);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return found;
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the code between fences of a language, each without its fences. */
  static List<String> blocks(String text, String language) {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = null;
    for (String line : text.split("\n", -1)) {
      if (block == null && line.equals("```" + language)) {
        block = new StringBuilder();
      } else if (block != null && line.equals("```")) {
        blocks.add(block.toString());
        block = null;
      } else if (block != null) {
        block.append(line).append('\n');
      }
    }
    return blocks;
  }

  /** Returns the lines between two marks, without the marks' own lines. */
  static String region(String text, String begin, String end) {
    int from = text.indexOf('\n', text.indexOf(begin)) + 1;
    return text.substring(from, text.lastIndexOf('\n', text.indexOf(end)) + 1);
  }
}
