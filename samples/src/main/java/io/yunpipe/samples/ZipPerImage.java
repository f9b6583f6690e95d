package io.yunpipe.samples;

import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * AWSHalide's loop: a zip of code and data per image, uploaded; its output appears.
 *
 * <pre>java -cp yunpipe-all.jar ZipPerImage.java [FOLDER]</pre>
 *
 * Runs on this machine, or over a bucket with {@code YUNPIPE_BACKEND=aws} and {@code
 * YUNPIPE_AWS_BUCKET=…}, {@code YUNPIPE_AWS_COMPUTE=threads}.
 */
public final class ZipPerImage {
  private ZipPerImage() {}

  /** Runs the loop. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args.length > 0 ? args[0] : "zip-per-image");
    // Makes images and a program to try it on.
    Main.execute("demo", "--prepare", "--images", "3", "-o", folder.toString());

    Algorithm smooth =
        Algorithm.builder("smooth")
            .command("java -cp cells.jar Smooth image.png .")
            .zipped("smooth.png", ".png")
            .build();
    try (Pipeline pipeline = Pipeline.builder().name("zip-per-image").stage(smooth).build();
        Stream<Path> images = Files.walk(folder.resolve("images"))) {
      pipeline.init();
      Map<String, Run> uploads = new LinkedHashMap<>();
      for (Path image : images.filter(Files::isRegularFile).sorted().toList()) {
        String name = image.getFileName().toString().replace(".png", "");
        Path project = Files.createDirectories(folder.resolve("projects").resolve(name));
        Files.copy(folder.resolve("algorithms/cells.jar"), project.resolve("cells.jar"));
        Files.copy(image, project.resolve("image.png"));
        uploads.put(name + ".zip", pipeline.uploadZip(project).run());
      }
      for (Map.Entry<String, Run> upload : uploads.entrySet()) {
        upload.getValue().await();
        System.out.println(
            pipeline.downloadOutput(folder.resolve("results"), upload.getKey()).getFileName());
      }
    }
  }
}
