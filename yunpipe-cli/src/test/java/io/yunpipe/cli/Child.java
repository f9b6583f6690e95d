package io.yunpipe.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The command line as a process of its own. */
final class Child {
  private Child() {}

  static Process start(String... args) throws IOException {
    return builder(args).start();
  }

  static ProcessBuilder builder(String... args) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("io.yunpipe.cli.Main");
    command.addAll(List.of(args));
    return new ProcessBuilder(command);
  }
}
