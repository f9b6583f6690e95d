package io.yunpipe.runner;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls back when this process is asked to end (SIGTERM, SIGINT), each time, instead of ending it.
 *
 * <p>{@code sun.misc.Signal} is reached by reflection: a runtime image may lack its module, and
 * javac warns of each use. Without it, a shutdown hook is told the first time.
 */
final class Signals {
  private static final Logger logger = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * Installs the callback.
   *
   * @param asked called in a thread of its own
   * @param ended waits until the process may go, where only a shutdown hook is told
   */
  static void install(Runnable asked, Runnable ended) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  asked.run();
                }
                return null;
              });
      for (String name : new String[] {"TERM", "INT"}) {
        Object one = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
      }
    } catch (ReflectiveOperationException | LinkageError e) {
      logger.debug("Signals are seen by a shutdown hook only", e);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    asked.run();
                    ended.run();
                  },
                  "yunpipe-asked-to-end"));
    }
  }
}
