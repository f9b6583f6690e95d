package io.yunpipe.bench;

import io.yunpipe.Algorithm;
import io.yunpipe.wrap.Wrapped;
import io.yunpipe.wrap.Wrapper;
import java.nio.file.Path;

/** Wraps one image: {@code BASE TARGET CACHE RUNNER}. */
final class WrapWorkload {
  private WrapWorkload() {}

  /** Wraps it and prints what was sent. */
  public static void main(String[] args) {
    Wrapped wrapped =
        Wrapper.wrap(Algorithm.image("bench", args[0], ""))
            .cache(Path.of(args[2]))
            .runner(Path.of(args[3]))
            .to(args[1]);
    System.out.println("layer " + wrapped.layerBytes());
  }
}
