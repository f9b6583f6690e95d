package io.yunpipe.cli;

import io.yunpipe.ConfigurationException;
import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.wrap.Wrapped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes images that any pipeline can run. */
@Command(
    name = "wrap",
    sortOptions = false,
    description = {
      "Adds yunpipe's worker to images of algorithms, so that any pipeline can run them, here or",
      "on AWS, and keeps the new images, by their digests, in ~/.yunpipe/algorithms. Needs no",
      "container engine. Prints each image with its digest."
    })
final class WrapCommand implements Callable<Integer> {
  /** One of these is needed. */
  static final class Subject {
    @Option(
        names = {"-f", "--files"},
        arity = "1..*",
        paramLabel = "FILE",
        required = true,
        description =
            "Files that describe algorithms, or names of described ones; all are checked before"
                + " the first is wrapped.")
    private List<String> files = new ArrayList<>();

    @Option(
        names = {"-d", "--describe"},
        required = true,
        description = "Describes an algorithm by questions and answers.")
    private boolean describe;
  }

  @ArgGroup(multiplicity = "1")
  private Subject subject = new Subject();

  @Option(
      names = {"-s", "--show"},
      description = "Shows what is described as JSON, and asks, before anything is made.")
  private boolean show;

  @Mixin private WrapTargetOptions target = new WrapTargetOptions();

  @Option(
      names = "--run-as",
      paramLabel = "USER",
      description = "Who containers run as, such as 1000:1000; default as the image says.")
  private @Nullable String runAs;

  @Option(
      names = "--worker",
      paramLabel = "JAR",
      description = "The worker's program; default the one that yunpipe-all brings.")
  private @Nullable Path worker;

  @Option(
      names = "--jmods",
      paramLabel = "FOLDER",
      description =
          "A folder whose folders arm64 and amd64 have modules of a JDK for those processors;"
              + " default ~/.yunpipe/jmods.")
  private @Nullable Path jmods;

  @Option(names = "--no-check", description = "Does not look whether programs are in the images.")
  private boolean unchecked;

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask.")
  private boolean yes;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Questions questions = new Questions(System.in);
    List<WrapJob> jobs = plan(questions);
    if (show || subject.describe) {
      jobs.forEach(job -> System.err.print(AlgorithmFile.json(job.description())));
    }
    WrapJob.Terms terms = new WrapJob.Terms(runAs, worker, jmods);
    Map<WrapJob, Wrapped> current = current(jobs, terms);
    List<WrapJob> wanted = jobs.stream().filter(job -> !current.containsKey(job)).toList();
    wanted.forEach(job -> Messages.say("Wraps " + job));
    if (!wanted.isEmpty() && !agreed(wanted, questions)) {
      Messages.say("Nothing was made.");
      return ExitCode.BAD_INPUT;
    }
    List<Object> rows = new ArrayList<>();
    for (WrapJob job : jobs) {
      @Nullable Wrapped there = current.get(job);
      Wrapped made = there == null ? job.run(terms, new WrapWords()) : there;
      rows.add(job.json(made, there == null));
      if (!json) {
        System.out.println(job.result(made));
        System.out.flush();
      }
      if (there == null) {
        job.keep(made);
      }
    }
    if (json) {
      JsonText.print(rows);
    }
    return ExitCode.OK;
  }

  /** Looks which images would come out as they are there already. */
  private static Map<WrapJob, Wrapped> current(List<WrapJob> jobs, WrapJob.Terms terms) {
    Map<WrapJob, Wrapped> current = new LinkedHashMap<>();
    for (WrapJob job : jobs) {
      job.current(terms, WrapWords.steps())
          .ifPresent(
              image -> {
                current.put(job, image);
                Messages.say(
                    job.name()
                        + ": nothing has changed since it was wrapped; no new version is made");
              });
    }
    return current;
  }

  private List<WrapJob> plan(Questions questions) {
    List<DescribedAlgorithm> described =
        subject.describe
            ? List.of(
                new DescribedAlgorithm(
                    new Interview(questions, !unchecked).describe(), Path.of("the answers")))
            : DescribedAlgorithm.all(subject.files);
    target.check(described.size());
    List<WrapJob> jobs = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (DescribedAlgorithm one : described) {
      try {
        WrapJob job = WrapJob.plan(one, target);
        jobs.add(job);
        if (!unchecked) {
          job.missing().forEach(text -> problems.add(one.file() + ": " + text));
        }
      } catch (IllegalArgumentException e) {
        problems.add(one.file() + ": " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException("of algorithms", problems);
    }
    return jobs;
  }

  /** Whoever gave files without asking to see them wants them wrapped. */
  private boolean agreed(List<WrapJob> jobs, Questions questions) {
    if (yes) {
      return true;
    }
    for (WrapJob job : jobs) {
      if (job.replacesAnother()
          && !questions.yesOrNo(
              job.kept() + " describes another " + job.name() + ". Replace it?", false)) {
        return false;
      }
    }
    return !(show || subject.describe) || questions.yesOrNo("Make it?", true);
  }
}
