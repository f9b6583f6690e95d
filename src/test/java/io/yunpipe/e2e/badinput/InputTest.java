package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.yunpipe.Algorithm;
import io.yunpipe.Input;
import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import io.yunpipe.Pipeline;
import io.yunpipe.Plan;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that are not there, cannot be read, or do not stay as they are. */
@Timeout(60)
class InputTest {
  private static final String COPY = "cp $input $output";

  @TempDir Path folder;
  private Lab lab;
  private Path conf;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    conf = lab.conf("algorithms { copy = \"" + COPY + "\" }");
  }

  private Pipeline pipeline() {
    return lab.pipeline().stage(Algorithm.command("copy", COPY)).build();
  }

  private void assertRefused(Path input, String message) {
    try (Pipeline pipeline = pipeline()) {
      assertThatThrownBy(() -> pipeline.submit(input))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(message);
      assertThat(pipeline.runs()).isEmpty();
    }
    assertThat(lab.cli("run", conf, input, "-o", lab.results))
        .isEqualTo(new Cli(2, "", "yunpipe: " + message + "\n"));
    lab.assertNothingBegun();
  }

  @Test
  void input_thatIsEmpty_isRefused() throws IOException {
    Files.createDirectories(lab.inputs);
    assertRefused(
        lab.inputs,
        "There is no input: the folder \""
            + lab.inputs
            + "\" has no file. Check the path, or what the program supplies.");
    lab.input(".hidden", "x");
    Files.createSymbolicLink(lab.inputs.resolve("elsewhere"), folder);
    assertRefused(
        lab.inputs,
        "There is no input: the folder \""
            + lab.inputs
            + "\" has no file; hidden ones were not taken: 1; links to folders were not followed: 1."
            + " Check the path, or what the program supplies.");
    assertRefused(
        lab.inputs.resolve("*.png"),
        "There is no input: the folder \""
            + lab.inputs
            + "\" has no file that matches \"*.png\"; hidden ones were not taken: 1. Check the path, or what"
            + " the program supplies.");
    try (Pipeline pipeline = pipeline()) {
      assertThatThrownBy(() -> pipeline.submit(Inputs.of(List.<Input>of().iterator())))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("There is no input: ");
    }
    lab.assertNothingBegun();
  }

  @Test
  void input_thatIsNotThere_isRefused() {
    Path missing = folder.resolve("typo");
    assertRefused(
        missing,
        "Could not submit \"" + missing + "\": there is no such file or folder. Check the path.");
  }

  @Test
  void input_thatIsADevice_isRefused() {
    assertRefused(
        Path.of("/dev/null"),
        "Could not read \"/dev/null\": it is a device, pipe or socket, not a file. Take it out of the"
            + " inputs.");
  }

  @Test
  void unreadableOnes_inAFolder_failAndTheOthersGoOn() throws Exception {
    lab.input("good", "fine");
    Path lost = Files.createSymbolicLink(lab.inputs.resolve("lost"), Path.of("nowhere"));
    Path loop = Files.createSymbolicLink(lab.inputs.resolve("loop"), Path.of("loop"));
    Path pipe = lab.inputs.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Map<String, String> expected =
        Map.of(
            "lost",
            "Could not read \""
                + lost
                + "\": there is no such file (any more). Check the path, or submit again without it.",
            "loop",
            "Could not read \""
                + loop
                + "\": Too many levels of symbolic links or unable to access attributes of symbolic link."
                + " Check the path and its disk.",
            "pipe",
            "Could not read \""
                + pipe
                + "\": it is a device, pipe or socket, not a file. Take it out of the inputs.");
    Run run;
    try (Pipeline pipeline = pipeline()) {
      Plan plan = pipeline.plan(lab.inputs);
      assertThat(plan.inputs()).isEqualTo(1);
      assertThat(plan.problems()).containsExactlyInAnyOrderElementsOf(expected.values());
      run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 1, 3);
      assertThat(Lab.reasons(run)).isEqualTo(expected);
      assertThat(lab.download(run)).containsExactly(entry("good/good", "fine"));
    }
    lab.assertWhole(run, Map.of("good/good", "fine"));
    Cli cli = lab.cli("run", conf, lab.inputs, "-o", folder.resolve("again"));
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("3 of 4 jobs failed:\n");
    expected.values().forEach(reason -> assertThat(cli.err()).contains(reason));
  }

  @Test
  void files_thatTheUserMayNotRead_failAndTheOthersGoOn() throws Exception {
    lab.input("good", "fine");
    Path secret = lab.input("secret", "hush");
    Files.setPosixFilePermissions(secret, Set.of());
    Path logs = Files.createDirectory(folder.resolve("said"));
    Cli cli =
        Bound.cli(logs, "run", conf, lab.inputs, "-o", lab.results, "--backend-dir", lab.store);
    assertThat(cli.err())
        .contains(
            "1 of 2 jobs failed:\n",
            "Could not read \""
                + secret
                + "\": permission denied. Make it readable for the user who submits.\n",
            "1 result file in " + lab.results);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(Lab.texts(lab.results)).containsExactly(entry("good/good", "fine"));
    lab.assertNothingLeftOver();
  }

  @Test
  void folders_thatTheUserMayNotUse_areNamed() throws Exception {
    lab.input("good", "fine");
    Path logs = Files.createDirectory(folder.resolve("said"));
    Path shut = Files.createDirectory(folder.resolve("shut"));
    Files.setPosixFilePermissions(shut, PosixFilePermissions.fromString("r-xr-xr-x"));
    Cli results = Bound.cli(logs, "run", conf, lab.inputs, "-o", shut, "--backend-dir", lab.store);
    assertThat(results.err())
        .endsWith(
            "yunpipe: Could not use \""
                + shut
                + "\" as the output folder: this user may not write to it. Let this user write there, or"
                + " name another folder.\n")
        .hasLineCount(1);
    assertThat(results.code()).isEqualTo(2);
    Path backend = shut.resolve("backend");
    Cli store = Bound.cli(logs, "run", conf, lab.inputs, "--backend-dir", backend);
    assertThat(store.err())
        .isEqualTo(
            "yunpipe: Could not use "
                + backend
                + " for runs (yunpipe.local.directory): this user may not write to "
                + shut
                + ". Let this user read and write it and all in it, or name another folder.\n");
    assertThat(store.code()).isEqualTo(3);
    lab.assertNothingBegun();
  }

  @Test
  void fileThatVanishes_beforeItIsRead_failsAlone() throws Exception {
    lab.input("a", "1");
    lab.input("b", "2");
    Path gone = lab.input("c", "3");
    Iterator<Input> inputs =
        List.of(
                Input.of(lab.inputs.resolve("a")),
                Input.of(gone),
                Input.of(lab.inputs.resolve("b")))
            .iterator();
    Run run;
    try (Pipeline pipeline = pipeline()) {
      Files.delete(gone);
      run = pipeline.submit(Inputs.of(inputs));
      Lab.assertCounts(Lab.finish(run), 2, 1);
      assertThat(Lab.reasons(run))
          .containsExactly(
              entry(
                  "c",
                  "Could not read \""
                      + gone
                      + "\": there is no such file (any more). Check the path, or submit again without it."));
    }
    lab.assertWhole(run, Map.of("a/a", "1", "b/b", "2"));
  }

  @Test
  void fileThatChanges_whileItIsRead_failsAlone() throws Exception {
    lab.input("a", "1");
    Path growing = lab.input("b", "");
    try (RandomAccessFile file = new RandomAccessFile(growing.toFile(), "rw")) {
      file.setLength(8 << 20); // long enough to be caught reading
    }
    lab.input("c", "3");
    Run run;
    try (Pipeline pipeline = pipeline()) {
      Writer writer = new Writer(growing);
      try {
        run = pipeline.submit(lab.inputs);
      } finally {
        writer.end();
      }
      Lab.assertCounts(Lab.finish(run), 2, 1);
      assertThat(Lab.reasons(run).get("b"))
          .startsWith("Could not take \"" + growing + "\": it changed while it was read (from 8")
          .endsWith(" bytes). Submit it again when nothing writes to it any more.");
    }
    lab.assertWhole(run, Map.of("a/a", "1", "c/c", "3"));
  }

  @Test
  void source_thatBreaksOff_cancelsTheRunWithItsReason() throws Exception {
    lab.input("a", "1");
    Iterator<Input> broken =
        new Iterator<>() {
          private boolean first = true;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Input next() {
            if (first) {
              first = false;
              return Input.of(lab.inputs.resolve("a"));
            }
            throw new UncheckedIOException(new IOException("the instrument was switched off"));
          }
        };
    try (Pipeline pipeline = pipeline()) {
      Run run = pipeline.submitAsync(Inputs.of(broken));
      RunStatus status = run.whenFinished().toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertThat(status.state()).isEqualTo(RunState.CANCELLED);
      assertThat(status.reason().orElseThrow())
          .startsWith("the submission failed: ")
          .contains("the instrument was switched off");
      assertThat(lab.cli("status", run.id()).out()).contains("the instrument was switched off");
    }
    lab.assertNothingLeftOver();
  }

  /** Appends to a file until it is told to end. */
  private static final class Writer {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean ended;

    Writer(Path file) throws InterruptedException {
      thread = new Thread(() -> write(file), "writer");
      thread.start();
      begun.await();
    }

    private void write(Path file) {
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
        while (!ended) {
          out.write('x');
          begun.countDown();
          LockSupport.parkNanos(50_000); // or nobody else gets at the file
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void end() throws InterruptedException {
      ended = true;
      thread.join();
    }
  }
}
