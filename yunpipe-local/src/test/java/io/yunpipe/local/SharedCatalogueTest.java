package io.yunpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.BackendException;
import io.yunpipe.ConfigurationException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.Staging;
import io.yunpipe.config.About;
import io.yunpipe.config.Description;
import io.yunpipe.config.Published;
import io.yunpipe.config.Settings;
import io.yunpipe.config.SharedCatalogue;
import io.yunpipe.config.SharedCatalogue.Listed;
import io.yunpipe.config.SharedCatalogue.Publication;
import io.yunpipe.config.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A catalogue in a folder that programs share. */
class SharedCatalogueTest {
  @TempDir Path folder;

  private Path place;
  private SharedCatalogue shared;

  @BeforeEach
  void open() {
    place = folder.resolve("shared");
    shared =
        SharedCatalogue.open(
            Settings.load(
                null,
                Map.of(SharedCatalogue.SETTING, place.toString(), "yunpipe.local.fsync", "false")));
  }

  @AfterEach
  void close() {
    shared.close();
  }

  /** Returns a digest of one digit. */
  private static String digest(int digit) {
    return "sha256:" + String.valueOf(digit).repeat(64);
  }

  private static Algorithm.Builder algorithm(String name, int digit) {
    return Algorithm.builder(name)
        .image("registry.example.org/lab/" + name + "@" + digest(digit))
        .command("count $input $output/n.txt");
  }

  private static Description description(String name, int digit) {
    return new Description(algorithm(name, digit).build(), "ubuntu", 4)
        .withAbout(
            new About(null, "", "Counts cells.", "A. Lab", "a PNG image", "the number, as text"));
  }

  private static Description versioned(String version, int digit) {
    Description description = description("count", digit);
    return description.withAbout(description.about().withVersion(new Version(version)));
  }

  @Test
  void published_readAgain_saysTheSame() throws IOException {
    Path test = Files.writeString(folder.resolve("cells of a plate.txt"), "1 2 3");
    Published made = shared.publish(description("count", 1), test).entry();
    Published read = shared.newest("count").orElseThrow();
    assertThat(read).usingRecursiveComparison().isEqualTo(made);
    assertThat(read.version()).isEqualTo(new Version("1"));
    assertThat(read.previous()).isEmpty();
    assertThat(read.digest()).isEqualTo(digest(1));
    assertThat(read.description().about().author()).isEqualTo("A. Lab");
    assertThat(read.test().orElseThrow().name()).isEqualTo("cells_of_a_plate.txt");
    Path got = shared.downloadTest(read, folder.resolve("tests")).orElseThrow();
    assertThat(got).hasContent("1 2 3").hasFileName("cells_of_a_plate.txt");
  }

  @Test
  void newImage_published_isANewVersionThatNamesTheOneBefore() {
    shared.publish(description("count", 1), null);
    Publication second = shared.publish(description("count", 2), null);
    assertThat(second.made()).isTrue();
    assertThat(second.entry().version()).hasToString("2");
    assertThat(second.entry().previous()).contains(new Version("1"));
    assertThat(shared.get("count", new Version("1")).digest()).isEqualTo(digest(1));
    assertThat(shared.versions("count")).containsExactly(new Version("1"), new Version("2"));
  }

  @Test
  void sameImage_publishedAgain_makesNothing() {
    shared.publish(description("count", 1), null);
    assertThat(shared.publish(description("count", 1), null).made()).isFalse();
    assertThat(shared.publish(versioned("1", 1), null).made()).isFalse();
    assertThat(shared.versions("count")).hasSize(1);
  }

  @Test
  void sameVersion_withAnotherImage_isRefused() {
    Published first = shared.publish(versioned("1.0", 1), null).entry();
    assertThatThrownBy(() -> shared.publish(versioned("1.0", 2), null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Could not publish algorithm count 1.0 in %s: it is there since %s, with the image %s. A"
                + " version never changes; publish this one under another version.",
            place, first.published(), first.image());
    assertThat(shared.newest("count").orElseThrow().digest()).isEqualTo(digest(1));
  }

  @Test
  void manyPublishers_atOnce_makeOneVersionEach() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Publication>> made = new ArrayList<>();
      for (int i = 1; i <= 8; i++) {
        Description description = description("count", i);
        made.add(threads.submit(() -> shared.publish(description, null)));
      }
      for (Future<Publication> one : made) {
        assertThat(one.get().made()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(shared.versions("count")).hasSize(8);
    assertThat(shared.versions("count").stream().map(v -> shared.get("count", v).digest()))
        .doesNotHaveDuplicates();
  }

  @Test
  void list_pageByPage_hasEachNameOnce() {
    List<String> names = List.of("a", "a-b", "a0", "b");
    names.forEach(name -> shared.publish(description(name, 1), null));
    IntStream.range(2, 5).forEach(i -> shared.publish(description("a", i), null));
    List<Listed> all = new ArrayList<>();
    List<Listed> page = shared.list("", 2);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(2);
      all.addAll(page);
      page = shared.list(page.get(page.size() - 1).name(), 2);
    }
    assertThat(all)
        .containsExactlyInAnyOrder(
            new Listed("a", new Version("4"), 4),
            new Listed("a-b", new Version("1"), 1),
            new Listed("a0", new Version("1"), 1),
            new Listed("b", new Version("1"), 1));
  }

  @Test
  void foreignObjects_inTheCatalogue_areNotListed() throws IOException {
    shared.publish(description("count", 1), null);
    Files.writeString(place.resolve("algorithms/count/notes.txt"), "mine");
    Files.writeString(place.resolve("algorithms/count/01.json"), "{}");
    Files.createDirectories(place.resolve("algorithms/BAD NAME"));
    Files.writeString(place.resolve("algorithms/BAD NAME/1.json"), "{}");
    assertThat(shared.list("", 10)).containsExactly(new Listed("count", new Version("1"), 1));
  }

  @Test
  void algorithm_thatOthersCannotRun_isRefused() {
    Algorithm host = Algorithm.command("count", "wc $input");
    assertThatThrownBy(() -> shared.publish(Description.of(host), null))
        .hasMessage(
            "Could not publish algorithm count: it has no image: a command of one machine means"
                + " something else, or nothing, on another.");
    Algorithm unpinned = Algorithm.image("count", "lab/count:1", "wc $input");
    assertThatThrownBy(() -> shared.publish(Description.of(unpinned), null))
        .hasMessage(
            "Could not publish algorithm count: its image lab/count:1 has no digest (…@sha256:…),"
                + " without which it may become another one.");
    Staging key = Staging.file("k", folder.resolve("secret"));
    Algorithm staged = algorithm("count", 1).addStaging(key).build();
    assertThatThrownBy(() -> shared.publish(Description.of(staged), null))
        .hasMessageEndingWith(
            "staging k is a file of one machine; put it into the image, or stage its text.");
    assertThat(shared.list("", 10)).isEmpty();
  }

  @Test
  void names_thatLeaveTheCatalogue_areRefused() {
    assertThatThrownBy(() -> shared.newest("../../etc"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("algorithm name must start with a-z or 0-9");
    assertThatThrownBy(() -> shared.list("..", 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void version_thatIsNotThere_saysHowToFindThoseThatAre() {
    assertThatThrownBy(() -> shared.get("count", new Version("7")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "There is no algorithm count 7 in %s. 'yunpipe algorithms list --shared' tells what"
                + " there is.",
            place);
    assertThat(shared.newest("count")).isEmpty();
  }

  @Test
  void testFile_replacedInTheStore_isRefused() throws IOException {
    Path test = Files.writeString(folder.resolve("in.txt"), "right");
    Published made = shared.publish(description("count", 1), test).entry();
    Path stored = place.resolve("tests/" + made.test().orElseThrow().sha256());
    Files.writeString(stored, "wrong");
    Path to = folder.resolve("to");
    assertThatThrownBy(() -> shared.downloadTest(made, to))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("is not what was published")
        .hasMessageEndingWith("Nothing was written.");
    assertThat(to).isEmptyDirectory();
  }

  /** What strangers may write in place of an entry, and what is said of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "name" : "count"      | "name" : "other"           | name: expected "count", but found "other"
          "version" : "1"       | "version" : "2"            | version: expected "1", but found "2"
          "digest" : "sha256:1  | "digest" : "sha256:2       | digest: expected "sha256:1111
          "registry.example     | "reg\\u001bistry.example   | has no digest
          @sha256:11            | :latest@sha256:1           | has no digest
          "v" : 1               | "v" : 2                    | v: expected a format up to 1, but found 2; update yunpipe
          "run_command"         | "base-folder" : "/", "run_command" | base-folder: no algorithm of a catalogue may name folders
          "run_command"         | "staging" : [{"path" : "/x", "file" : "/etc/passwd"}], "run_command" | staging /x is a file of one machine
          "run_command"         | "runs" : 1, "run_command"  | unknown key 'algorithm.runs'
          "author" : "A. Lab"   | "author" : "\\u001b[2J"    | author must be text without control characters
          "published" : "2      | "published" : "x2          | published: expected a time
          "v" : 1               | "v" : 1, "previous" : "1"  | previous: expected a version before 1
          "v" : 1               | "v" : 1, "v" : 1           | Duplicate field 'v'
          "v" : 1               | "v" : 1, include "/etc/passwd" | cannot be read as JSON
          "v" : 1               | "v" : ${HOME}              | cannot be read as JSON
          "v" : 1               | "v" : 1, "test" : {"name" : "../x", "size" : 1, "sha256" : "00"} | expected a plain file name
          "v" : 1               | "v" : 1, "test" : {"name" : "x", "size" : 99999999999, "sha256" : "00"} | expected at most 67108864 bytes
          """)
  void entry_ofAStranger_isRefusedWithTheReason(String part, String hostile, String reason)
      throws IOException {
    shared.publish(description("count", 1), null);
    Path entry = place.resolve("algorithms/count/1.json");
    String json = Files.readString(entry);
    assertThat(json).contains(part);
    Files.writeString(entry, json.replace(part, hostile));
    assertThatThrownBy(() -> shared.newest("count"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("algorithms/count/1.json")
        .hasMessageContaining(reason);
  }

  @Test
  void entry_tooLargeOrTooDeep_isRefusedUnread() throws IOException {
    shared.publish(description("count", 1), null);
    Path entry = place.resolve("algorithms/count/1.json");
    Files.writeString(entry, "[".repeat(100_000));
    assertThatThrownBy(() -> shared.newest("count"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nesting depth");
    Files.writeString(entry, " ".repeat(300_000));
    assertThatThrownBy(() -> shared.newest("count"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected at most 262144 bytes, but found 300000");
  }

  @Test
  void place_thatNoBackendKnows_isRefused() {
    Settings ftp = Settings.load(null, Map.of(SharedCatalogue.SETTING, "ftp://host/x"));
    assertThatThrownBy(() -> SharedCatalogue.open(ftp))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "yunpipe.catalogue: expected a folder or s3://bucket/prefix, but found"
                + " \"ftp://host/x\"");
    Settings none = Settings.load(null, Map.of());
    assertThatThrownBy(() -> SharedCatalogue.open(none))
        .hasMessageContaining("yunpipe.catalogue is not set; name the shared catalogue");
  }
}
