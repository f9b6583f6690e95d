package io.yunpipe.local;

import io.yunpipe.spi.ObjectInfo;
import java.nio.file.Path;
import java.util.List;

/** A program that counts and lists all markers of a store: {@code MarkerLister ROOT}. */
final class MarkerLister {
  private MarkerLister() {}

  public static void main(String[] args) {
    try (DirectoryObjectStore store = new DirectoryObjectStore(Path.of(args[0]), false)) {
      System.out.println("counted " + store.count("runs/"));
      long listed = 0;
      String after = "";
      for (List<ObjectInfo> page = store.list("runs/", after, 1000);
          !page.isEmpty();
          page = store.list("runs/", after, 1000)) {
        listed += page.size();
        after = page.get(page.size() - 1).key();
      }
      System.out.println("listed " + listed);
      System.out.println("again " + store.count("runs/"));
    }
  }
}
