package io.yunpipe.cli;

import java.util.ArrayList;
import java.util.List;

/** Text in columns; the last one is as wide as it likes. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(List.of(header));
  }

  Table add(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      // A line break in a reason or in a file's name would end the row, and terminals act on
      // what follows an escape.
      row.add(
          String.valueOf(cell)
              .strip()
              .replaceAll("\\s*[\\r\\n]+\\s*", " ")
              .replaceAll("[\\p{Cc}\\p{Cf}]", "?"));
    }
    rows.add(row);
    return this;
  }

  @Override
  public String toString() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
