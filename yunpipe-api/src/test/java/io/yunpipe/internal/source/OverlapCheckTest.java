package io.yunpipe.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlapCheckTest {
  @TempDir Path given;
  private Path temp;
  private Path in;

  @BeforeEach
  void folder() throws IOException {
    temp = given.toRealPath();
    in = Files.createDirectory(temp.resolve("in"));
  }

  @Test
  void output_apart_isFine() {
    assertThat(OverlapCheck.problem(in, temp.resolve("out"))).isEmpty();
    assertThat(OverlapCheck.problem(in, temp.resolve("in2"))).isEmpty();
    assertThat(OverlapCheck.problem(temp.resolve("none"), temp.resolve("out"))).isEmpty();
  }

  @Test
  void output_equal_isAProblem() {
    assertThat(OverlapCheck.problem(in, temp.resolve("x/../in/.")))
        .contains(
            "Could not use \""
                + temp.resolve("x/../in/.")
                + "\" as the output folder: it is the input itself. "
                + "Name a folder apart from the input, such as \""
                + temp.resolve("in-results")
                + "\".");
  }

  @Test
  void output_inside_isAProblem() {
    assertThat(OverlapCheck.problem(in, in.resolve("a/b")))
        .hasValueSatisfying(text -> assertThat(text).contains("it lies inside the input"));
  }

  @Test
  void input_insideOutput_isAProblem() {
    assertThat(OverlapCheck.problem(in, temp))
        .hasValueSatisfying(text -> assertThat(text).contains("\" lies inside it"));
  }

  @Test
  void output_throughLinks_isAProblem() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), in);
    Path dangling = Files.createSymbolicLink(temp.resolve("later"), in.resolve("out"));

    assertThat(OverlapCheck.problem(in, link)).isPresent();
    assertThat(OverlapCheck.problem(link, in.resolve("out"))).isPresent();
    assertThat(OverlapCheck.problem(in, link.resolve("out/deeper"))).isPresent();
    assertThat(OverlapCheck.problem(in, dangling)).isPresent();
    assertThat(OverlapCheck.problem(in, dangling.resolve("x"))).isPresent();
  }

  @Test
  void links_inALoop_end() throws IOException {
    Path one = Files.createSymbolicLink(temp.resolve("one"), Path.of("two"));
    Files.createSymbolicLink(temp.resolve("two"), Path.of("one"));

    assertThat(OverlapCheck.problem(in, one.resolve("x"))).isEmpty();
  }

  @Test
  void inputs_ofSeveralKinds_areAllLookedAt() throws IOException {
    Path file = Files.writeString(temp.resolve("f"), "");
    Inputs inputs =
        Inputs.several(
            List.of(
                Inputs.files(List.of(file)),
                Inputs.glob(in + "/*.png"),
                Inputs.zip(temp.resolve("z/x.zip")),
                Inputs.prefix("p/")));

    assertThat(OverlapCheck.problem(inputs, temp.resolve("out"))).isEmpty();
    assertThat(OverlapCheck.problem(inputs, in.resolve("out"))).isPresent();
    assertThat(OverlapCheck.problem(inputs, temp.resolve("z"))).isPresent();
    assertThat(OverlapCheck.problem(inputs, temp)).isPresent();
  }
}
