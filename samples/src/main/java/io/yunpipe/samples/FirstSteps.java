package io.yunpipe.samples;

// readme:begin
import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.Progress;
import io.yunpipe.Run;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sorts the lines of every file of a folder, then counts them. */
public final class FirstSteps {
  private FirstSteps() {}

  /** Takes the folder with the texts, and the folder for the results. */
  public static void main(String[] args) throws Exception {
    Algorithm sort = Algorithm.command("sort", "sort -u -o $output/sorted.txt $input");
    Algorithm count =
        Algorithm.function(
            "count",
            (in, out) -> {
              int lines = Files.readAllLines(in.path()).size();
              Files.writeString(out.folder().resolve("count.txt"), lines + "\n");
            });
    try (Pipeline pipeline =
        Pipeline.builder().name("first-steps").stage(sort).stage(count).build()) {
      Run run = pipeline.submit(Path.of(args[0]));
      run.await(Progress.lines());
      run.download(Path.of(args[1]));
      run.failed().forEach(System.err::println);
    }
  }
}
// readme:end
