package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two users with a home each share algorithms in a folder. */
class AlgorithmsCommandTest {
  private final String home = System.getProperty("user.home");
  @TempDir Path folder;

  private String catalogue = "";

  @BeforeEach
  void ownHome() {
    catalogue = folder.resolve("shared").toString();
    as("maker");
  }

  @AfterEach
  void restoreHome() {
    System.setProperty("user.home", home);
  }

  private void as(String user) {
    System.setProperty("user.home", folder.resolve(user).toString());
  }

  private Path kept(String user, String name) {
    return folder.resolve(user + "/.yunpipe/algorithms/" + name + ".json");
  }

  private static String image(int digit) {
    return "registry.example.org/lab/count@sha256:" + String.valueOf(digit).repeat(64);
  }

  private Cli run(String verb, String... words) {
    String[] all = new String[words.length + 4];
    all[0] = "algorithms";
    all[1] = verb;
    System.arraycopy(words, 0, all, 2, words.length);
    all[words.length + 2] = "--catalogue";
    all[words.length + 3] = catalogue;
    return Cli.run(all);
  }

  private void describe(int digit) throws IOException {
    Path file = folder.resolve("count.json");
    Files.writeString(
        file,
        "{\"name\": \"count\", \"container_name\": \"%s\", \"run_command\": \"wc $input\"}"
            .formatted(image(digit)));
    assertThat(Cli.run("describe", "--yes", "--file", file.toString()).code()).isZero();
  }

  @Test
  void published_byOne_isFoundTakenAndShownByAnother() throws IOException {
    describe(1);
    Path test = Files.writeString(folder.resolve("in.txt"), "a b");
    Cli published =
        run(
            "publish",
            "count",
            "--author",
            "A. Lab",
            "--description",
            "Counts.",
            "--test",
            test.toString());
    assertThat(published.out()).as(published.err()).isEqualTo("count:1\n");
    assertThat(published.err()).startsWith("Published count 1, the first version, published ");
    assertThat(kept("maker", "count")).content().contains("\"version\" : \"1\"");

    as("other");
    assertThat(run("list", "--shared").out())
        .isEqualTo(
            "NAME   VERSION  AUTHOR  IMAGE"
                + " ".repeat(image(1).length() - 3)
                + "DESCRIPTION\n"
                + "count  1        A. Lab  "
                + image(1)
                + "  Counts.\n");
    Cli got = run("get", "count");
    assertThat(got.code()).as(got.err()).isZero();
    Path sample = folder.resolve("other/.yunpipe/tests/count/in.txt");
    assertThat(got.out()).isEqualTo(kept("other", "count") + "\n" + sample + "\n");
    assertThat(sample).hasContent("a b");
    assertThat(kept("other", "count")).hasSameTextualContentAs(kept("maker", "count"));
    assertThat(Cli.run("algorithms").out()).contains("count  1        [" + image(1) + "] wc");
    assertThat(run("get", "count").code()).as("again").isZero();
  }

  @Test
  void newImage_published_isTheNextVersion_andTheOldStays() throws IOException {
    describe(1);
    run("publish", "count");
    describe(2);
    assertThat(run("publish", "count").out()).isEqualTo("count:2\n");
    assertThat(run("show", "count:1").out()).contains(image(1));
    Cli newest = run("show", "count", "--shared");
    assertThat(newest.out()).contains(image(2));
    assertThat(newest.err()).contains("count 2, after 1, published ");
    assertThat(run("show", "count", "--history").out().lines())
        .hasSize(3)
        .satisfies(
            lines -> {
              assertThat(lines.get(1)).startsWith("2 ").contains("  1      " + image(2));
              assertThat(lines.get(2)).startsWith("1 ").contains("  -      " + image(1));
            });
  }

  @Test
  void sameVersion_ofAnotherImage_isRefused() throws IOException {
    describe(1);
    run("publish", "count", "--as", "1.0");
    describe(2);
    Cli refused = run("publish", "count", "--as", "1.0");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .startsWith("yunpipe: Could not publish algorithm count 1.0 in " + catalogue)
        .endsWith("A version never changes; publish this one under another version.\n");
  }

  @Test
  void ownDescription_thatDiffers_isReplacedOnlyWhenToldTo() throws IOException {
    describe(1);
    run("publish", "count");
    describe(2);
    String[] words = {"algorithms", "get", "count:1", "--catalogue", catalogue};
    Cli kept = Cli.answering("\n", words);
    assertThat(kept.code()).isEqualTo(2);
    assertThat(kept.err())
        .isEqualTo(
            kept("maker", "count")
                + " describes it otherwise. Replace it? [y/N]: Nothing was written.\n");
    assertThat(kept("maker", "count")).content().contains(image(2));
    assertThat(Cli.answering("y\n", words).code()).isZero();
    assertThat(kept("maker", "count")).content().contains(image(1));
  }

  @Test
  void entryOfAStranger_hidesNoOther_andIsNotTaken() throws IOException {
    describe(1);
    run("publish", "count");
    Path entries = folder.resolve("shared/algorithms");
    Files.createDirectories(entries.resolve("bad"));
    Files.writeString(
        entries.resolve("bad/1.json"),
        Files.readString(entries.resolve("count/1.json"))
            .replace("\"count\"", "\"bad\"")
            .replace("\"run_command\"", "\"base-folder\" : \"/etc\", \"run_command\""));
    Cli listed = run("list", "--shared");
    assertThat(listed.code()).isEqualTo(2);
    assertThat(listed.out()).contains("count  1 ").contains("cannot be used");
    Cli got = run("get", "bad");
    assertThat(got.code()).isEqualTo(2);
    assertThat(got.err()).contains("no algorithm of a catalogue may name folders");
    assertThat(kept("maker", "bad")).doesNotExist();
  }

  @Test
  void escapes_ofAStranger_doNotReachTheTerminal() throws IOException {
    describe(1);
    run("publish", "count");
    Path entry = folder.resolve("shared/algorithms/count/1.json");
    Files.writeString(entry, Files.readString(entry).replace("\"registry", "\"\\u001b[2Jregistry"));
    Cli got = run("get", "count");
    assertThat(got.code()).isEqualTo(2);
    assertThat(got.err()).contains("its image ?[2Jregistry").doesNotContain("\u001b");
  }

  @Test
  void catalogue_thatIsNowhere_saysHowToSetIt() {
    Cli none = Cli.run("algorithms", "list", "--shared");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("yunpipe.catalogue is not set; name the shared catalogue");
    Cli missing = run("get", "cuont");
    assertThat(missing.err())
        .isEqualTo(
            "yunpipe: There is no algorithm cuont in "
                + catalogue
                + ". 'yunpipe algorithms list --shared' tells what there is.\n");
  }
}
