package io.yunpipe.local;

import io.yunpipe.BackendException;
import io.yunpipe.spi.Content;
import java.nio.file.Path;

/** A program that says what it is told about a key beyond ASCII: {@code OddKeyWriter ROOT}. */
final class OddKeyWriter {
  private OddKeyWriter() {}

  public static void main(String[] args) {
    try (DirectoryObjectStore store = new DirectoryObjectStore(Path.of(args[0]), false)) {
      say(() -> store.put("größe/a", Content.of("x")));
      say(() -> store.list("größe/", "", 10));
    }
  }

  private static void say(Runnable call) {
    try {
      call.run();
      System.out.println("done");
    } catch (BackendException e) {
      System.out.println(e.getMessage());
    }
  }
}
