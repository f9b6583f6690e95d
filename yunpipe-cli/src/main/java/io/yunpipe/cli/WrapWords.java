package io.yunpipe.cli;

import io.yunpipe.wrap.WrapListener;
import java.time.Duration;

/** Tells how wrapping goes on, in lines. */
final class WrapWords implements WrapListener {
  private static final long PAUSE = Duration.ofSeconds(5).toNanos();

  private long said = System.nanoTime();

  /** Tells what is done and nothing else. */
  static WrapListener steps() {
    WrapWords words = new WrapWords();
    return new WrapListener() {
      @Override
      public void step(String what) {
        words.step(what);
      }

      @Override
      public void note(String what) {}
    };
  }

  @Override
  public void step(String what) {
    Messages.say("  " + what);
    said = System.nanoTime();
  }

  @Override
  public void note(String what) {
    Messages.say("  note: " + what);
  }

  @Override
  public void sent(String digest, long done, long total) {
    if (System.nanoTime() - said > PAUSE) {
      step("sent " + Messages.bytes(done) + " of " + Messages.bytes(total));
    }
  }
}
