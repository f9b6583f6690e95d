package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.ConfigurationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker as a process, such as a container's: takes its settings from the environment, drains the
 * queue of one stage, and ends. docs/worker.md tells all about it.
 */
public final class WorkerMain {
  /** EX_USAGE: the settings are wrong. */
  static final int USAGE = 64;

  /** EX_UNAVAILABLE: the backend cannot be reached. */
  static final int UNAVAILABLE = 69;

  /** EX_SOFTWARE: an error of ours. */
  static final int SOFTWARE = 70;

  /** EX_TEMPFAIL: asked to end before the jobs it was started for were committed. */
  static final int TEMPFAIL = 75;

  private WorkerMain() {}

  /**
   * Runs the worker and ends the program.
   *
   * @param arguments none; or {@code --warm-up} to load what a worker loads and end
   */
  public static void main(String[] arguments) {
    JsonLog.install();
    // Twice as fast as the default; read at the first start of a process.
    // JDK 25 warns against it on each use.
    if (System.getProperty("jdk.lang.Process.launchMechanism") == null
        && Runtime.version().feature() < 25) {
      System.setProperty("jdk.lang.Process.launchMechanism", "VFORK");
    }
    System.exit(run(arguments, System.getenv()));
  }

  private static int run(String[] arguments, Map<String, String> environment) {
    Logger logger = LoggerFactory.getLogger(WorkerMain.class);
    try {
      if (arguments.length == 1 && arguments[0].equals("--warm-up")) {
        return WarmUp.run(environment);
      }
      if (arguments.length > 0) {
        logger.error("A worker takes no arguments but --warm-up; its settings are variables");
        return USAGE;
      }
      return new WorkerProcess(WorkerSettings.of(environment)).run();
    } catch (WorkerSettings.Invalid | ConfigurationException e) {
      logger.error("{}", e.getMessage());
      return USAGE;
    } catch (BackendException e) {
      logger.error("Worker ended: {}", e.getMessage());
      return UNAVAILABLE;
    } catch (Exception | Error e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      logger.error("Worker ended by an error of its own: {}", trace);
      return SOFTWARE;
    }
  }
}
