package io.yunpipe.internal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was used last. */
public final class Recent {
  private Recent() {}

  /**
   * Returns a thread-safe map that, when it is full, forgets the entry used longest ago for a new
   * one. Who iterates over it holds its lock meanwhile.
   *
   * @param most how many entries it keeps
   */
  public static <V> Map<String, V> map(int most) {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > most;
          }
        });
  }
}
