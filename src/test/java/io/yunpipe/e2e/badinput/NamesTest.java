package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.Inputs;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names that are legal though no one would choose them: each has its result under its own name. */
@Timeout(60)
class NamesTest {
  private static final List<String> NAMES =
      List.of(
          "with blank.txt",
          " leading and trailing ",
          "a+b.txt",
          "100%.txt",
          "%2Fetc%2Fpasswd",
          "it's \"quoted\".txt",
          "back\\slash",
          "$HOME `id` $(id);&|<>*?[x]{y}~#!",
          "-rf",
          "--output",
          "tab\there",
          "line\nbreak",
          "con.txt",
          "x".repeat(255),
          "plate a/well+1/100%.txt",
          "plate b/well+1/100%.txt");

  private static final List<String> FOREIGN = List.of("größe µm.txt", "細胞.txt", "é-😀.txt");

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
  }

  /** Writes a file for each name; returns the results that a copying algorithm makes of them. */
  private SortedMap<String, String> inputs() {
    SortedMap<String, String> expected = new TreeMap<>();
    int number = 0;
    for (String name : names()) {
      String text = "input " + number++;
      lab.input(name, text);
      expected.put(name + "/" + Path.of(name).getFileName(), text);
    }
    return expected;
  }

  private static List<String> names() {
    Charset encoding = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    // Where the platform's encoding lacks the letters no such file can even be made.
    List<String> foreign =
        FOREIGN.stream().filter(name -> encoding.newEncoder().canEncode(name)).toList();
    return java.util.stream.Stream.concat(NAMES.stream(), foreign.stream()).toList();
  }

  @Test
  void names_ofEveryKind_areKeptThroughTwoStages() throws Exception {
    SortedMap<String, String> expected = inputs();
    Run run;
    try (Pipeline pipeline =
        lab.pipeline()
            .stage(Algorithm.command("copy", "cp -- $input $output"))
            .stage(
                Algorithm.function(
                    "again",
                    (in, out) ->
                        out.write(Path.of(in.name()).getFileName().toString(), in.bytes())))
            .build()) {
      run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 2L * expected.size(), 0);
      assertThat(lab.download(run)).isEqualTo(expected);
      for (String name : names()) {
        assertThat(run.log(name)).isEmpty();
      }
    }
    lab.assertNothingLeftOver();
  }

  @Test
  void names_ofEveryKind_areKeptByTheCommandLine() {
    SortedMap<String, String> expected = inputs();
    Path conf = lab.conf("algorithms { copy = \"cp -- $input $output\" }");
    Cli cli = lab.cli("run", conf, lab.inputs, "-o", lab.results);
    assertThat(cli.err()).contains(expected.size() + " result files in " + lab.results);
    assertThat(cli.code()).isZero();
    assertThat(Lab.texts(lab.results)).isEqualTo(expected);
  }

  @Test
  void twoInputs_ofOneBaseName_staySeparate() throws Exception {
    Path first = lab.input("a/data.txt", "1");
    Path second = lab.input("b/data.txt", "2");
    Map<String, String> expected = Map.of("a/data.txt/data.txt", "1", "b/data.txt/data.txt", "2");
    Run run;
    try (Pipeline pipeline =
        lab.pipeline().stage(Algorithm.command("copy", "cp $input $output")).build()) {
      run = pipeline.submit(first, second);
      Lab.assertCounts(Lab.finish(run), 2, 0);
      assertThat(lab.download(run)).isEqualTo(expected);
    }
    lab.assertWhole(run, expected);
  }

  @Test
  void twoInputs_ofOneName_areNumbered() throws Exception {
    lab.input("a/data.txt", "1");
    lab.input("b/data.txt", "2");
    Map<String, String> expected = Map.of("data.txt/data.txt", "1", "data.txt~2/data.txt", "2");
    try (Pipeline pipeline =
        lab.pipeline().stage(Algorithm.command("copy", "cp $input $output")).build()) {
      Run run =
          pipeline.submit(
              Inputs.of(
                  List.of("a", "b").stream()
                      .map(
                          name ->
                              io.yunpipe.Input.of(lab.inputs.resolve(name).resolve("data.txt")))));
      Lab.assertCounts(Lab.finish(run), 2, 0);
      assertThat(lab.download(run)).isEqualTo(expected);
    }
  }

  /** The result's name would be longer than a disk takes; nothing of it may be there. */
  @Test
  void resultName_thatIsTooLong_failsItsJobAlone() throws Exception {
    String longest = "x".repeat(255);
    lab.input(longest, "1");
    lab.input("short", "2");
    Run run;
    try (Pipeline pipeline =
        lab.pipeline()
            .stage(Algorithm.command("copy", "cp $input $output"))
            .naming("yunpipe")
            .build()) {
      run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 1, 1);
      assertThat(Lab.reasons(run).get(longest)).startsWith("cannot keep an output: its name ");
    }
    lab.assertWhole(run, Map.of("short/Result-copy-short", "2"));
    assertThat(Files.exists(lab.results)).isFalse();
  }
}
