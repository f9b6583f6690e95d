package io.yunpipe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Programs that run {@code true} many times, as far as they are installed; each two at a time. */
final class Peers {
  private Peers() {}

  /** What a peer is given to do in a folder made for it. */
  interface Task {
    List<String> command(Path folder, int jobs) throws IOException;
  }

  /** Returns the peers on the path, by name; engines that are slow get a tenth of the jobs. */
  static Map<String, Task> found() {
    Map<String, Task> all = new LinkedHashMap<>();
    all.put("make", Peers::make);
    all.put("xargs", Peers::xargs);
    all.put("snakemake", Peers::snakemake);
    all.put("cwltool", Peers::cwltool);
    all.put("nextflow", Peers::nextflow);
    all.keySet().removeIf(name -> !onPath(name));
    return all;
  }

  static boolean onPath(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  private static List<String> make(Path folder, int jobs) throws IOException {
    StringBuilder text = new StringBuilder("all:");
    for (int i = 0; i < jobs; i++) {
      text.append(" j").append(i);
    }
    text.append("\nj%:\n\t@/bin/true\n");
    Files.writeString(folder.resolve("Makefile"), text);
    return List.of("make", "-s", "-j2", "all");
  }

  private static List<String> xargs(Path folder, int jobs) throws IOException {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < jobs; i++) {
      names.append("j").append(i).append('\n');
    }
    Files.writeString(folder.resolve("names"), names);
    return List.of("xargs", "-a", "names", "-n1", "-P2", "true");
  }

  private static List<String> snakemake(Path folder, int jobs) throws IOException {
    Files.writeString(
        folder.resolve("Snakefile"),
        """
        rule all:
            input: expand("d/{i}", i=range(%d))
        rule one:
            output: touch("d/{i}")
            shell: "true"
        """
            .formatted(jobs));
    return List.of("snakemake", "-q", "-j2", "--nolock");
  }

  private static List<String> cwltool(Path folder, int jobs) throws IOException {
    Files.writeString(
        folder.resolve("t.cwl"),
        """
        cwlVersion: v1.2
        class: Workflow
        requirements: {ScatterFeatureRequirement: {}}
        inputs: {n: 'int[]'}
        outputs: []
        steps:
          s:
            scatter: n
            in: {n: n}
            out: []
            run: {class: CommandLineTool, baseCommand: 'true', inputs: {n: int}, outputs: []}
        """);
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      numbers.add(Integer.toString(i));
    }
    Files.writeString(folder.resolve("in.json"), "{\"n\":[" + String.join(",", numbers) + "]}");
    return List.of("cwltool", "--quiet", "--parallel", "t.cwl", "in.json");
  }

  private static List<String> nextflow(Path folder, int jobs) throws IOException {
    Files.writeString(
        folder.resolve("t.nf"),
        """
        process t { input: val x
          script: 'true' }
        workflow { channel.of(1..%d) | t }
        """
            .formatted(jobs));
    return List.of("nextflow", "-q", "run", "t.nf");
  }
}
