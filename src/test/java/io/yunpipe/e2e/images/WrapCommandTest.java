package io.yunpipe.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Description;
import io.yunpipe.e2e.badinput.Cli;
import io.yunpipe.testkit.emulator.Registry;
import io.yunpipe.wrap.ImageView;
import io.yunpipe.wrap.Images;
import io.yunpipe.wrap.Labels;
import io.yunpipe.wrap.Wrapped;
import io.yunpipe.wrap.Wrapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that describe and wrap, against a registry. */
@Tag("docker")
@Timeout(120)
class WrapCommandTest {
  private static final String SHELL = "yunpipe-test/shell:1";

  @TempDir static Path shared;
  private static Docker docker;
  private static Registry registry;
  private static String base = "";

  private static final String HOME = System.getProperty("user.home");

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    docker = Docker.with(shared, SHELL);
    registry = Registry.start(shared);
    base = registry.host() + "/lab/shell:1";
    docker.run("tag", SHELL, docker.made(base));
    docker.run("push", base);
    Path home = LayerFolder.into(Files.createDirectory(shared.resolve("home")));
    System.setProperty("user.home", home.toString());
  }

  @AfterAll
  static void stop() throws IOException {
    System.setProperty("user.home", HOME);
    LayerFolder.keep(shared.resolve("home"));
    if (registry != null) {
      registry.close();
      docker.close();
    }
  }

  private Path describe(String name, String command) throws IOException {
    return Files.writeString(
        folder.resolve(name + "-mine.json"),
        """
        {"name": "%s", "container_name": "%s", "run_command": "%s"}
        """
            .formatted(name, base, command));
  }

  private static Cli wrap(String answers, Object... words) {
    List<Object> all = new ArrayList<>(List.of("wrap"));
    all.addAll(Arrays.asList(words));
    if (!all.contains("--worker")) {
      all.addAll(List.of("--worker", System.getProperty("yunpipe.programs.jar", "")));
    }
    return Cli.answering(answers, all.toArray());
  }

  private Path kept(String name) {
    return shared.resolve("home/.yunpipe/algorithms/" + name + ".json");
  }

  private static String tag(String name, int version) {
    return registry.host() + "/lab/" + name + ":" + version;
  }

  @Test
  void severalFiles_areWrappedIntoTheRegistry_andKeptByTheirDigests() throws IOException {
    Cli said =
        wrap(
            "",
            "-f",
            describe("upper", "tr a-z A-Z"),
            describe("copy", "sh -c 'cp $input $output'"),
            "-r",
            registry.host(),
            "-u",
            "lab");
    assertThat(said.code()).as(said.err()).isZero();
    List<String> printed = said.out().lines().toList();
    assertThat(printed).hasSize(2);
    List<String> names = List.of("upper", "copy");
    for (int i = 0; i < 2; i++) {
      String name = names.get(i);
      var made = Images.look(tag(name, 1));
      assertThat(printed.get(i)).isEqualTo(registry.host() + "/lab/" + name + "@" + made.digest());
      assertThat(made.config().labels())
          .containsEntry(Labels.ALGORITHM, name)
          .containsEntry(Labels.VERSION, "1");
      Description description = AlgorithmFile.describe(kept(name));
      assertThat(description.algorithm().image()).contains(printed.get(i));
      assertThat(description.about().base()).startsWith(base + "@sha256:");
    }
    assertThat(said.err()).contains("Wraps " + base + ": linux/").contains("as " + tag("upper", 1));
  }

  @Test
  void wrappedAnew_isANewVersionOnlyIfSomethingIsNew() throws Exception {
    String moving = registry.host() + "/lab/moving:1";
    docker.run("tag", SHELL, docker.made(moving));
    docker.run("push", moving);
    Path file = describe("again", "cat $input");
    Files.writeString(file, Files.readString(file).replace(base, moving));
    Cli first = wrap("", "-f", file, "-r", registry.host(), "-u", "lab");
    assertThat(first.code()).as(first.err()).isZero();
    Cli same = wrap("", "-f", "again");
    assertThat(same.code()).as(same.err()).isZero();
    assertThat(same.out()).isEqualTo(first.out());
    assertThat(same.err())
        .contains("again: nothing has changed since it was wrapped; no new version is made")
        .doesNotContain("Wraps");
    Cli described = wrap("", "-f", file, "-r", registry.host(), "-u", "lab", "--json");
    assertThat(described.out()).contains("\"new\" : false").contains("\"version\" : \"1\"");
    assertThat(Images.find(tag("again", 2))).isEmpty();

    docker.derive(moving, SHELL, "ENV NEW=1", "CMD [\"/bin/sh\"]");
    docker.run("push", moving);
    assertThat(next("again", 2).config().labels().get(Labels.BASE)).contains("/lab/moving");
    Files.writeString(kept("again"), Files.readString(kept("again")).replace("cat ", "cat -u "));
    ImageView third = next("again", 3);
    Path other = folder.resolve("worker.jar");
    try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(other))) {
      jar.putNextEntry(new ZipEntry("another/Worker.class"));
    }
    assertThat(third.config().labels())
        .isNotEqualTo(next("again", 4, "--worker", other).config().labels());
    assertThat(next("again", 5, "--worker", other, "--as", "5").isWrapped()).isTrue();
  }

  /** Wraps anew and returns the version that must come of it. */
  private ImageView next(String name, int version, Object... words) throws IOException {
    List<Object> all = new ArrayList<>(List.of("-f", name));
    all.addAll(Arrays.asList(words));
    Cli said = wrap("", all.toArray());
    assertThat(said.code()).as(said.err()).isZero();
    ImageView made = Images.look(tag(name, version));
    assertThat(said.out().strip()).endsWith("@" + made.digest());
    assertThat(AlgorithmFile.describe(kept(name)).about().version())
        .hasToString(String.valueOf(version));
    return made;
  }

  /** As {@code docker build} leaves it: no registry has it, or has another. */
  @Test
  void image_builtHere_isWrappedWithoutAskingItsRegistry() throws Exception {
    String nowhere = docker.derive("127.0.0.1:1/lab/local:1", SHELL, "ENV LOCAL=1");
    String newer = registry.host() + "/lab/newer:1";
    docker.run("tag", SHELL, docker.made(newer));
    docker.run("push", newer);
    docker.derive(newer, SHELL, "ENV LOCAL=2");
    for (String image : List.of(nowhere, newer)) {
      Path file = describe("local", "cat $input");
      Files.writeString(file, Files.readString(file).replace(base, image));
      Cli said =
          wrap("", "-f", file, "--to", "oci:" + folder.resolve("made-" + image.hashCode()) + ":1");
      assertThat(said.code()).as(said.err()).isZero();
      assertThat(said.err()).contains("Wraps engine:" + image);
      assertThat(
              Images.look("oci:" + folder.resolve("made-" + image.hashCode()))
                  .config()
                  .environment())
          .containsKey("LOCAL");
    }
  }

  @Test
  void folderWithoutModules_isRefused() throws IOException {
    Path file = describe("other", "cat $input");
    Cli said = wrap("", "-f", file, "-r", registry.host(), "-u", "lab", "--jmods", folder);
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err())
        .contains("jmods must be a folder with amd64 or arm64 in it, with modules");
    assertThat(Images.find(tag("other", 1))).isEmpty();
  }

  @Test
  void oneBadFile_ofSeveral_keepsAllFromBeingWrapped() throws IOException {
    Cli said =
        wrap(
            "",
            "-f",
            describe("good", "cat $input"),
            describe("bad", "sh /count.sh $input"),
            "-r",
            registry.host(),
            "-u",
            "lab");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).contains("bad-mine.json: the image " + base + " has no file /count.sh");
    assertThat(Images.find(tag("good", 1))).isEmpty();
    assertThat(kept("good")).doesNotExist();
  }

  @Test
  void noTarget_orNoImage_isRefused() throws IOException {
    Cli nowhere = wrap("", "-f", describe("good", "cat $input"));
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err())
        .contains("nothing says where the image goes: give --user, --registry, or --to");
    Path missing = describe("gone", "cat $input");
    Files.writeString(missing, Files.readString(missing).replace("shell:1", "nothing:1"));
    Cli gone = wrap("", "-f", missing, "-r", registry.host());
    assertThat(gone.code()).isEqualTo(2);
    assertThat(gone.err()).contains("there is no image").contains("nothing:1");
  }

  @Test
  void registry_thatIsNotThere_isABackendFailure() throws IOException {
    Path file = describe("far", "cat $input");
    Files.writeString(file, Files.readString(file).replace(registry.host(), "127.0.0.1:1"));
    Cli said = wrap("", "-f", file, "-r", registry.host());
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.err()).contains("127.0.0.1:1").doesNotContain("\tat ");
  }

  @Test
  void shown_andRefused_makesNothing() throws IOException {
    Cli said = wrap("n\n", "-s", "-f", describe("shown", "cat $input"), "-r", registry.host());
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err())
        .contains("\"run_command\" : \"cat $input\"")
        .endsWith("Make it? [Y/n]: Nothing was made.\n");
    assertThat(Images.find(registry.host() + "/shown:1")).isEmpty();
  }

  @Test
  void anotherAlgorithm_ofTheSameName_isReplacedOnlyWhenToldTo() throws IOException {
    Files.createDirectories(kept("mine").getParent());
    Files.writeString(kept("mine"), "{\"name\": \"mine\", \"run_command\": \"sort $input\"}");
    Cli said = wrap("\n", "-f", describe("mine", "cat $input"), "-r", registry.host());
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("describes another mine. Replace it? [y/N]: Nothing was made.");
    assertThat(kept("mine")).content().contains("sort");
  }

  @Test
  void layoutOnDisk_isMadeButNotKept() throws IOException {
    Path layout = folder.resolve("layout");
    Cli said = wrap("", "-f", describe("disk", "cat $input"), "--to", "oci:" + layout + ":1");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).contains("oci:" + layout).contains("@sha256:");
    assertThat(layout.resolve("oci-layout")).exists();
    assertThat(said.err()).contains("Not kept in the catalogue");
    assertThat(kept("disk")).doesNotExist();
  }

  @Test
  void layerThatIsAdded_staysBelow30Megabytes() {
    Wrapped wrapped =
        Wrapper.wrap(Algorithm.image("small", base, ""))
            .runner(Path.of(System.getProperty("yunpipe.programs.jar")))
            .to("oci:" + folder.resolve("small") + ":1");
    assertThat(wrapped.layerBytes()).isBetween(10_000_000L, 30_000_000L);
  }

  @Test
  void describe_checksTheImageAndItsPrograms() {
    String answers =
        String.join(
            "\n",
            registry.host() + "/lab/nothing:1",
            base,
            "",
            "nonsense $input",
            "sh /nothing.sh $input",
            "cat $input",
            "",
            "",
            "cat",
            "",
            "",
            "16",
            "",
            "",
            "",
            "y",
            "");
    Cli said = Cli.answering(answers, "describe");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err())
        .contains("There is no image " + registry.host() + "/lab/nothing:1 that you can read.")
        .contains("  " + base + ": linux/")
        .contains("has no program nonsense in its PATH")
        .contains("has no file /nothing.sh");
    assertThat(kept("cat")).content().contains("\"container_name\" : \"" + base + "\"");
  }
}
