package io.yunpipe.cli;

import io.yunpipe.Algorithm;
import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Catalogue;
import io.yunpipe.config.Description;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes algorithm files. */
@Command(
    name = "describe",
    sortOptions = false,
    description = {
      "Describes an algorithm by questions and answers.",
      "Shows the JSON and, when told to, keeps it in ~/.yunpipe/algorithms, where workflows",
      "find it by name."
    })
final class DescribeCommand implements Callable<Integer> {
  @Option(
      names = {"-f", "--file"},
      arity = "1..*",
      paramLabel = "FILE",
      description = "Takes ready files instead of asking.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask before it writes.")
  private boolean yes;

  @Option(names = "--no-check", description = "Does not look at the image.")
  private boolean unchecked;

  @Override
  public Integer call() {
    Questions questions = new Questions(System.in);
    List<Description> described = new ArrayList<>();
    if (files.isEmpty()) {
      described.add(new Interview(questions, !unchecked).describe());
    } else {
      // All are read before the first is written.
      for (DescribedAlgorithm one : DescribedAlgorithm.all(files)) {
        described.add(one.description());
      }
    }
    for (Description description : described) {
      System.out.print(AlgorithmFile.json(description));
      System.out.flush();
      if (!keep(description, questions)) {
        Messages.say("Nothing was written.");
        return ExitCode.BAD_INPUT;
      }
    }
    return ExitCode.OK;
  }

  private boolean keep(Description description, Questions questions) {
    Algorithm algorithm = description.algorithm();
    Path file = Catalogue.userFolder().resolve(algorithm.name() + ".json");
    boolean there = Files.exists(file);
    String question =
        there
            ? file + " describes another " + algorithm.name() + ". Replace it?"
            : "Write " + file + "?";
    if (!yes && !questions.yesOrNo(question, !there)) {
      return false;
    }
    AlgorithmFile.write(description, file);
    Messages.say("Algorithm " + algorithm.name() + " is described in " + file);
    return true;
  }
}
