package io.yunpipe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A pipeline of one stage on AWS; nothing of it is set up. */
final class EdgesPipeline {
  private final Path folder;
  private final Path file;

  EdgesPipeline(Path folder) throws IOException {
    this.folder = folder;
    this.file = folder.resolve("edges.conf");
    Files.writeString(
        file,
        """
        name = edges
        yunpipe.aws.region = eu-west-1
        algorithms { detect { image = "example.org/edges:1", command = "edges $input $output" } }
        """);
  }

  /** Runs a command on it. */
  Cli run(String command, String... more) {
    return Cli.run(
        Stream.concat(Stream.of(command, file.toString()), Stream.of(more)).toArray(String[]::new));
  }

  /** Runs a command on it with the local backend. */
  Cli runLocally(String command) {
    return run(command, "--backend", "local", "--backend-dir", folder.resolve("s").toString());
  }
}
