package io.yunpipe.lambda;

import io.yunpipe.YunpipeException;
import io.yunpipe.internal.TickListener;
import io.yunpipe.runner.JsonLog;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The router as a process of its own: for servers of S3's protocol outside of AWS, and for tests.
 * Takes events from a queue and looks after unfinished runs from time to time, until it is asked to
 * end. Several may run at once.
 */
public final class RouterMain {
  /** EX_USAGE: the settings are wrong. */
  private static final int USAGE = 64;

  /** EX_UNAVAILABLE: the backend cannot be reached. */
  private static final int UNAVAILABLE = 69;

  private RouterMain() {}

  /**
   * Runs the router.
   *
   * @param arguments none; settings are environment variables
   */
  public static void main(String[] arguments) {
    JsonLog.install();
    Logger logger = LoggerFactory.getLogger(RouterMain.class);
    try (OpenRouter router =
        new OpenRouter(RouterSettings.of(System.getenv()), Clock.systemUTC(), TickListener.NONE)) {
      RouterLoop loop =
          new RouterLoop(router, RouterSettings.of(System.getenv()).tick(), Clock.systemUTC());
      Thread main = Thread.currentThread();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    loop.end();
                    try {
                      main.join();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  },
                  "yunpipe-router-end"));
      loop.run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      logger.error("Router not started: {}", e.getMessage());
      Runtime.getRuntime().halt(USAGE);
    } catch (YunpipeException e) {
      logger.error("Router ended: {}", e.getMessage());
      Runtime.getRuntime().halt(UNAVAILABLE);
    }
  }
}
