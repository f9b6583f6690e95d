package io.yunpipe.samples;

import io.yunpipe.Algorithm;
import io.yunpipe.FailurePolicy;
import io.yunpipe.JobInput;
import io.yunpipe.JobOutput;
import io.yunpipe.Pipeline;
import io.yunpipe.Progress;
import io.yunpipe.Run;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Counts cells in microscopy images. Two programs smooth and segment each image; a Java function
 * sums up what they found.
 *
 * <pre>java -cp yunpipe-all.jar CellStudy.java [FOLDER]</pre>
 *
 * FOLDER, by default {@code cell-study}, gets images to try it on, the programs and the results.
 */
public final class CellStudy {
  private CellStudy() {}

  /** Runs the study; the exit code is 0 if all jobs succeeded, else 1. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args.length > 0 ? args[0] : "cell-study");
    // Makes images to try it on, and the two programs. With your own, leave this out.
    Main.execute("demo", "--prepare", "--images", "6", "-o", folder.toString());

    // A command: $input is one file, $output an empty folder for what it makes.
    Algorithm smooth =
        Algorithm.builder("smooth")
            .command("java -cp algorithms/cells.jar Smooth $input $output")
            .baseFolder(folder)
            .build();
    Algorithm segment =
        Algorithm.builder("segment")
            .command("java -cp algorithms/cells.jar Segment $input $output")
            .baseFolder(folder)
            .build();

    long failed;
    try (Pipeline pipeline =
        Pipeline.builder()
            .name("cell-study")
            .stage(smooth)
            .addStage(Stage.builder(segment).after("smooth").keep(true).build())
            .addStage(
                Stage.builder(Algorithm.function("summary", CellStudy::summarise))
                    .after("segment")
                    .select("**cells.csv")
                    .gather(FailurePolicy.bestEffort())
                    .build())
            .build()) {
      Run run = pipeline.submit(folder.resolve("images"));
      RunStatus status = run.await(Progress.bar());
      run.failed().forEach(System.err::println);
      run.download(folder.resolve("results"));
      try (Stream<Path> results = Files.walk(folder.resolve("results"))) {
        for (Path table : results.filter(path -> path.endsWith("summary.csv")).toList()) {
          System.out.print(table + "\n" + Files.readString(table));
        }
      }
      failed = status.failed();
    }
    System.exit(failed == 0 ? 0 : 1);
  }

  /** A line per image: how many cells it has, and how large they are on average. */
  private static void summarise(JobInput in, JobOutput out) throws IOException {
    StringBuilder summary = new StringBuilder("image,cells,mean_area_px\n");
    try (Stream<Path> files = Files.walk(in.path())) {
      for (Path table : files.filter(path -> path.endsWith("cells.csv")).sorted().toList()) {
        List<String> lines = Files.readAllLines(table);
        double area =
            lines.stream()
                .skip(1)
                .mapToInt(line -> Integer.parseInt(line.split(",", -1)[1]))
                .average()
                .orElse(0);
        Path image = in.path().relativize(table.getParent());
        summary.append("%s,%d,%.1f%n".formatted(image, lines.size() - 1, area));
      }
    }
    out.write("summary.csv", summary.toString().getBytes(StandardCharsets.UTF_8));
  }
}
