// Counts cells in microscopy images. Two programs smooth and segment each image; a Java function
// sums up what they found. Run it with either of
//   yunpipe script CellStudy.jsh FOLDER
//   jshell --class-path yunpipe-all.jar CellStudy.jsh

import io.yunpipe.*;
import io.yunpipe.cli.Main;

// What "yunpipe script" is given takes the place of this.
String[] args = {"cell-study"};
Path folder = Path.of(args[0]);

// Makes images to try it on, and the two programs. With your own, leave this out.
Main.execute("demo", "--prepare", "--images", "6", "-o", folder.toString());

// Commands: $input is one file, $output an empty folder for what they make.
Algorithm program(String name, String command) {
  return Algorithm.builder(name).command(command).baseFolder(folder).build();
}
Algorithm smooth = program("smooth", "java -cp algorithms/cells.jar Smooth $input $output");
Algorithm segment = program("segment", "java -cp algorithms/cells.jar Segment $input $output");

// A Java function: a line per image with its number of cells.
void summarise(JobInput in, JobOutput out) throws IOException {
  StringBuilder summary = new StringBuilder("image,cells\n");
  try (Stream<Path> files = Files.walk(in.path())) {
    for (Path table : files.filter(path -> path.endsWith("cells.csv")).sorted().toList()) {
      Path image = in.path().relativize(table.getParent());
      summary.append(image + "," + (Files.readAllLines(table).size() - 1) + "\n");
    }
  }
  out.write("summary.csv", summary.toString().getBytes());
}
Algorithm summary = Algorithm.function("summary", (in, out) -> summarise(in, out));

// The jshell tool takes a line that is complete for a statement: let lines end with a dot or
// an open bracket.
Workflow workflow = Workflow.of(List.of(
    Stage.builder(smooth).build(),
    Stage.builder(segment).after("smooth").keep(true).build(),
    Stage.builder(summary).after("segment").select("**cells.csv").gather(FailurePolicy.bestEffort()).build()));

try (Pipeline pipeline = Pipeline.builder().name("cell-study").workflow(workflow).build()) {
  Run run = pipeline.submit(folder.resolve("images"));
  RunStatus status = run.await(Progress.bar());
  run.failed().forEach(System.err::println);
  run.download(folder.resolve("results"));
  try (Stream<Path> results = Files.walk(folder.resolve("results"))) {
    for (Path table : results.filter(path -> path.endsWith("summary.csv")).toList()) {
      System.out.print(Files.readString(table));
    }
  }
  if (status.failed() > 0) System.exit(1);
}
/exit
