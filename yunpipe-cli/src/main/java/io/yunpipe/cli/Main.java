package io.yunpipe.cli;

import picocli.CommandLine;

/** Entry point of the command line. */
public final class Main {
  private Main() {}

  /**
   * Runs the command line and ends the process with its exit code.
   *
   * @param args the words after the program's name
   */
  public static void main(String[] args) {
    setIfAbsent("java.awt.headless", "true");
    if (System.getProperty("java.util.logging.config.file") == null) {
      // Read when the first record is written, if any is.
      setIfAbsent("java.util.logging.config.class", LogSettings.class.getName());
    }
    if (System.getProperty("os.name", "").equals("Linux") && Runtime.version().feature() < 25) {
      // Half the CPU time per started process of the default; from 25 on it brings a warning.
      setIfAbsent("jdk.lang.Process.launchMechanism", "VFORK");
    }
    System.exit(execute(args));
  }

  /**
   * Runs the command line in this process.
   *
   * @return the exit code, see {@link ExitCode}
   */
  public static int execute(String... args) {
    CommandLine commandLine = Commands.forArguments(args);
    int code = commandLine.execute(args);
    System.out.flush();
    System.err.flush();
    return code;
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
