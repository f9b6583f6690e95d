package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.config.Description;
import io.yunpipe.config.Settings;
import io.yunpipe.config.SharedCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutdatedCommandTest {
  @TempDir Path folder;

  private String catalogue = "";

  @BeforeEach
  void publishTwoVersions() {
    catalogue = folder.resolve("shared").toString();
    try (SharedCatalogue shared =
        SharedCatalogue.open(Settings.load(null, Map.of(SharedCatalogue.SETTING, catalogue)))) {
      for (int digit = 1; digit <= 2; digit++) {
        shared.publish(Description.of(Algorithm.image("count", image(digit), "wc $input")), null);
      }
    }
  }

  private static String image(int digit) {
    return "lab/count@sha256:" + String.valueOf(digit).repeat(64);
  }

  private Path pipeline(String name, String image) throws IOException {
    Path file = folder.resolve(name + ".conf");
    Files.writeString(
        file,
        """
        name = %s
        algorithms { count { image = "%s", command = "wc $input" }, sort = "sort $input" }
        stages = [ { algorithm = count }, { algorithm = sort, after = count } ]
        """
            .formatted(name, image));
    return file;
  }

  private Cli outdated(Object... words) {
    List<String> all = new ArrayList<>(List.of("outdated", "--catalogue", catalogue));
    all.addAll(List.of("--backend-dir", folder.resolve("store").toString()));
    for (Object word : words) {
      all.add(word.toString());
    }
    return Cli.run(all.toArray(String[]::new));
  }

  @Test
  void files_withOldAndNewImages_areToldApart() throws IOException {
    Path old = pipeline("old", image(1));
    Path current = pipeline("current", image(2));
    Cli one = outdated(old, current);
    assertThat(one.code()).as(one.err()).isEqualTo(1);
    assertThat(one.out())
        .isEqualTo(
            """
            PIPELINE  STAGE  ALGORITHM  RUNS                     NEWEST                   STATE
            old       count  count      1 (sha256:111111111111)  2 (sha256:222222222222)  outdated
            current   count  count      2 (sha256:222222222222)  2 (sha256:222222222222)  newest
            """);
    assertThat(one.err()).startsWith("1 stage does not run the newest version. To change that: ");
    assertThat(outdated(current).code()).isZero();
  }

  @Test
  void image_thatCannotBeCompared_isNotCalledOutdated() throws IOException {
    Cli tagged = outdated(pipeline("tagged", "lab/count:1"));
    assertThat(tagged.code()).isZero();
    assertThat(tagged.out()).contains("lab/count:1").contains("unknown: the image has no digest");
  }

  @Test
  void all_looksAtWhatIsDeployed() throws IOException {
    Path deployed = Files.createDirectories(folder.resolve("store/pipelines"));
    Files.writeString(
        deployed.resolve("cells.json"),
        """
        {"v":1,"pipeline":"cells","stages":[{"name":"n","algorithm":{"name":"count","image":"%s"}}]}
        """
            .formatted(image(1)));
    Cli all = outdated("--all", "--json");
    assertThat(all.code()).as(all.err()).isEqualTo(1);
    assertThat(all.out())
        .contains("\"pipeline\" : \"cells\"")
        .contains("\"deployed\" : true")
        .contains("\"version\" : \"1\"")
        .contains("\"outdated\" : true");
    // What is deployed counts more than what the file says now.
    Cli file = outdated(pipeline("cells", image(2)));
    assertThat(file.code()).isEqualTo(1);
  }

  @Test
  void nothing_askedFor_isRefused() {
    assertThat(outdated().code()).isEqualTo(2);
    Cli none = outdated("--all");
    assertThat(none.code()).isZero();
    assertThat(none.err()).isEqualTo("Nothing is deployed.\n");
  }
}
