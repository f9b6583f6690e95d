package io.yunpipe.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that creates markers until it is killed or done, and says after each batch which of
 * them are its own: {@code MarkerWriter ROOT NAME FSYNC FIRST LAST BATCH}.
 */
final class MarkerWriter {
  private static final int PER_SHARD = 800;

  private MarkerWriter() {}

  static String key(int marker) {
    return "runs/ab/run-1/done/edges/%04d/job-%07d".formatted(marker / PER_SHARD, marker);
  }

  static String value(String writer, int marker) {
    return "{\"by\":\"" + writer + "\",\"pad\":\"" + "x".repeat(marker % 300) + "\"}";
  }

  public static void main(String[] args) throws IOException {
    String name = args[1];
    int last = Integer.parseInt(args[4]);
    int batch = Integer.parseInt(args[5]);
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        DirectoryObjectStore store =
            new DirectoryObjectStore(Path.of(args[0]), Boolean.parseBoolean(args[2]))) {
      for (int from = Integer.parseInt(args[3]); from < last; from += batch) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (int i = from; i < Math.min(last, from + batch); i++) {
          contents.put(key(i), value(name, i).getBytes(UTF_8));
        }
        List<Boolean> created = store.putAllIfAbsent(contents);
        List<String> mine = new ArrayList<>();
        for (int i = 0; i < created.size(); i++) {
          if (created.get(i)) {
            mine.add(Integer.toString(from + i));
          }
        }
        out.write((String.join(" ", mine) + "\n").getBytes(UTF_8)); // whole, even if killed
      }
    }
  }
}
