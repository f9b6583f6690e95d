package io.yunpipe.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store between programs: some are killed, some short of memory. */
@Timeout(300)
class StoreProcessesTest {
  @TempDir Path root;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void markers_writersKilledAtRandomMoments_keepAllThatWasAcknowledged(boolean fsync)
      throws Exception {
    Random random = new Random(7);
    Map<Integer, String> winners = new HashMap<>();
    for (int round = 0; round < 4; round++) {
      String first = "w" + 2 * round;
      String second = "w" + (2 * round + 1);
      Process one = start("-Xmx64m", first, fsync, 300 * round, 1_000_000, 7);
      Process two = start("-Xmx64m", second, fsync, 300 * round, 1_000_000, 5);
      try (BufferedReader ones = one.inputReader(UTF_8);
          BufferedReader twos = two.inputReader(UTF_8)) {
        read(ones, first, 20 + random.nextInt(60), winners);
        read(twos, second, 20 + random.nextInt(20), winners);
        one.toHandle().destroyForcibly();
        read(ones, first, Integer.MAX_VALUE, winners);
        two.toHandle().destroyForcibly();
        read(twos, second, Integer.MAX_VALUE, winners);
      }
    }

    assertThat(winners).isNotEmpty();
    try (DirectoryObjectStore store = new DirectoryObjectStore(root, fsync)) {
      winners.forEach(
          (marker, writer) ->
              assertThat(store.read(MarkerWriter.key(marker)))
                  .as("marker %d", marker)
                  .hasValue(MarkerWriter.value(writer, marker).getBytes(UTF_8)));
      assertThat(store.count("")).isGreaterThanOrEqualTo(winners.size());
      assertThat(store.count("")).as("lines, of which none is double").isEqualTo(wholeLines());
    }
  }

  @Test
  void markers_hundredThousand_needLittleMemory() throws Exception {
    Process writer = start("-Xmx64m", "w", false, 0, 100_000, 64);
    Map<Integer, String> winners = new HashMap<>();
    try (BufferedReader lines = writer.inputReader(UTF_8)) {
      read(lines, "w", Integer.MAX_VALUE, winners);
    }
    assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(writer.exitValue()).isZero();
    assertThat(winners).hasSize(100_000);

    Process lister = java("-Xmx64m", "io.yunpipe.local.MarkerLister", root.toString());
    try (BufferedReader lines = lister.inputReader(UTF_8)) {
      assertThat(lines.lines()).containsExactly("counted 100000", "listed 100000", "again 100000");
    }
  }

  @Test
  void key_programCannotWriteItsCharacters_saysHowToStartIt() throws Exception {
    Process process = java("-Xmx64m", "io.yunpipe.local.OddKeyWriter", root.toString());
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      String message =
          "Could not make a file name of .*This program writes file names as ANSI_X3.4-1968;"
              + " start it with LC_ALL=C.UTF-8 in its environment\\.";
      assertThat(lines.lines()).hasSize(2).allSatisfy(line -> assertThat(line).matches(message));
    }
  }

  /** Notes which markers a writer says are its own, up to so many lines or the end. */
  private static void read(
      BufferedReader lines, String writer, int limit, Map<Integer, String> winners)
      throws IOException {
    int read = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      for (String marker : line.isBlank() ? new String[0] : line.split(" ")) {
        // else.
        String before = winners.putIfAbsent(Integer.valueOf(marker), writer);
        assertThat(before).as("winner of %s before %s", marker, writer).isNull();
      }
      if (++read >= limit) {
        return;
      }
    }
  }

  private long wholeLines() throws IOException {
    long count = 0;
    for (Path file : files()) {
      count +=
          new String(Files.readAllBytes(file), UTF_8)
              .lines()
              .filter(
                  line -> {
                    byte[] bytes = line.getBytes(UTF_8);
                    return MarkerRecord.parse(bytes, 0, bytes.length, 0) != null;
                  })
              .count();
    }
    return count;
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(root.resolve("runs/ab/run-1/done/edges"))) {
      return files.toList();
    }
  }

  private Process start(String heap, String name, boolean fsync, int first, int last, int batch)
      throws IOException {
    return java(
        heap,
        "io.yunpipe.local.MarkerWriter",
        root.toString(),
        name,
        Boolean.toString(fsync),
        Integer.toString(first),
        Integer.toString(last),
        Integer.toString(batch));
  }

  private Process java(String heap, String main, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("LC_ALL", "C"); // the poorest place to run in
    Process process = builder.start();
    processes.add(process);
    return process;
  }
}
