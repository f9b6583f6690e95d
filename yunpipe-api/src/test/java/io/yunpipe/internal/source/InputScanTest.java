package io.yunpipe.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputScanTest {
  @TempDir Path temp;

  @Test
  void scan_ofGoodInputs_countsThemAndTheirBytes() throws IOException {
    Files.writeString(temp.resolve("a"), "12345");
    Files.writeString(temp.resolve("b"), "123");

    assertThat(scan(Inputs.folder(temp), 20)).isEqualTo(new InputScan(2, 8, List.of()));
  }

  @Test
  void scan_ofStoredInputs_movesNoBytes() {
    MapStore store = new MapStore();
    store.objects.put("in/x", new byte[100]);

    assertThat(InputScan.of(Inputs.prefix("in/"), store, 20, item -> {}))
        .isEqualTo(new InputScan(1, 0, List.of()));
  }

  @Test
  void scan_collectsAllProblems() throws IOException {
    Files.writeString(temp.resolve("a"), "12345");
    Files.createSymbolicLink(temp.resolve("b"), Path.of("none"));
    Files.createSymbolicLink(temp.resolve("c"), Path.of("/dev/null"));
    Path a = temp.resolve("a");
    Inputs inputs =
        Inputs.files(List.of(a, temp.resolve("b"), temp.resolve("c"), a, temp.resolve("d")));

    InputScan scan = scan(inputs, 20);

    assertThat(scan.inputs()).isEqualTo(1);
    assertThat(scan.problems()).hasSize(4);
    assertThat(scan.problems().get(0)).contains("there is no such file");
    assertThat(scan.problems().get(1)).contains("device");
    assertThat(scan.problems().get(2)).contains("it was named before");
    assertThat(scan.problems().get(3)).contains(temp.resolve("d").toString());
  }

  @Test
  void scan_stopsAtTheLimitOfProblems() throws IOException {
    for (int i = 0; i < 30; i++) {
      Files.createSymbolicLink(temp.resolve("l" + i), Path.of("none"));
    }

    assertThat(scan(Inputs.folder(temp), 20).problems())
        .hasSize(21)
        .last()
        .isEqualTo("There may be more problems; only the first 20 are listed.");
  }

  @Test
  void scan_ofNothing_saysSo() {
    assertThat(scan(Inputs.folder(temp), 20).problems())
        .singleElement()
        .asString()
        .startsWith("There is no input: the folder");
    assertThat(scan(Inputs.folder(temp.resolve("none")), 20).problems())
        .singleElement()
        .asString()
        .contains("there is no such file");
  }

  @Test
  void scan_consumerThatRefuses_isAProblem() throws IOException {
    Files.writeString(temp.resolve("a"), "12345");

    InputScan scan =
        InputScan.of(
            Inputs.folder(temp),
            null,
            20,
            item -> {
              throw new InvalidInputException("no group for " + item.name());
            });

    assertThat(scan).isEqualTo(new InputScan(0, 0, List.of("no group for a")));
  }

  private static InputScan scan(Inputs inputs, int maxProblems) {
    return InputScan.of(inputs, null, maxProblems, item -> {});
  }
}
