import io.yunpipe.*;
import java.nio.file.Path;

/** The shortest study: {@code java -cp yunpipe-all.jar EdgesStudy.java}, in this folder. */
public class EdgesStudy {
  public static void main(String[] args) throws InterruptedException {
    try (Pipeline pipeline = Pipeline.builder().name("edges")
        .stage(Algorithm.command("edges", "java Edges.java $input $output"))
        .build()) {
      Run run = pipeline.submit(Path.of(args.length > 0 ? args[0] : "images"));
      run.await(Progress.bar());
      run.download(Path.of("results"));
    }
  }
}
