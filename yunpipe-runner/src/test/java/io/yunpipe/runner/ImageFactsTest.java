package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFactsTest {
  private static ImageFacts labelled(Map<String, String> labels) {
    return new ImageFacts("sha256:1", List.of(), labels, List.of(), "");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:5000/lab/cells:1.0, localhost:5000/lab/cells@sha256:a",
    "localhost:5000/lab/cells, localhost:5000/lab/cells@sha256:a",
    "localhost:5000/lab/cells:2@sha256:a, localhost:5000/lab/cells@sha256:a",
    "ubuntu:24.04, docker.io/library/ubuntu@sha256:b",
    "docker.io/library/busybox, busybox@sha256:c",
    "registry.example.org/busybox,",
    "other/cells:1.0,",
    "cells:1.0,",
    "box:1,",
    "localhost/lab/built:1,",
    "lab/built:1,",
  })
  void digest_isOfTheRepositoryThatWasNamed(String image, String found) {
    ImageFacts facts =
        new ImageFacts(
            "sha256:1",
            List.of(
                "localhost:5000/lab/cellsX@sha256:0",
                "localhost:5000/lab/cells@sha256:a",
                "docker.io/library/ubuntu@sha256:b",
                "busybox@sha256:c",
                "localhost/lab/built@sha256:d",
                "<none>@<none>"),
            Map.of(),
            List.of(),
            "");
    assertThat(facts.digest(image)).isEqualTo(Optional.ofNullable(found));
  }

  @Test
  void ownCommand_isEntryPointAndWhatFollows() throws Exception {
    ImageFacts facts =
        labelled(
            Map.of(
                "io.yunpipe.entrypoint", "[\"/bin/run\",\"-x\"]", "io.yunpipe.cmd", "[\"a b\"]"));
    assertThat(facts.wrapped()).isTrue();
    assertThat(facts.ownCommand("i")).containsExactly("/bin/run", "-x", "a b");
    assertThat(labelled(Map.of("io.yunpipe.cmd", "null")).ownCommand("i")).isEmpty();
    assertThat(labelled(Map.of("io.yunpipe.runner", "by hand")).wrapped()).isTrue();
    assertThat(labelled(Map.of("maintainer", "me")).wrapped()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"rm -rf /", "{\"a\":1}", "[[\"a\"]]", "[null]", "[\"a\""})
  void ownCommand_thatIsNoListOfStrings_isRefused(String label) {
    assertThatThrownBy(() -> labelled(Map.of("io.yunpipe.entrypoint", label)).ownCommand("lab/i"))
        .isInstanceOf(JobProblem.class)
        .hasMessageStartingWith(
            "image 'lab/i' has a label io.yunpipe.entrypoint that is no JSON array of strings: ");
  }

  @Test
  void passed_isWhatTheWorkerWillPassOn() {
    ImageFacts facts =
        new ImageFacts(
            "sha256:1",
            List.of(),
            Map.of(),
            List.of("PATH=/bin", "KEY=a=b", "HOME=/root", "YUNPIPE_PASS=PATH,KEY,NONE"),
            "");
    assertThat(facts.passed()).isEqualTo(Map.of("PATH", "/bin", "KEY", "a=b"));
    assertThat(labelled(Map.of()).passed()).isEmpty();
  }

  @Test
  void answer_thatIsNoJson_isRefused() {
    assertThatThrownBy(() -> ImageFacts.parse("Error", "lab/i"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("what the engine says of image lab/i");
  }

  @Test
  void id_isWrittenAlikeByAllEngines() {
    String hex = "0123456789abcdef".repeat(4);
    assertThat(new ImageFacts(hex, List.of(), Map.of(), List.of(), "").id())
        .isEqualTo(new ImageFacts("sha256:" + hex, List.of(), Map.of(), List.of(), "").id())
        .isEqualTo("sha256:" + hex);
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "root, true",
    "0, true",
    "0:0, true",
    "root:lab, true",
    "00, true",
    "1000, false",
    "10, false",
    "lab:0, false",
    "rooted, false"
  })
  void root_isWhoeverHasItsNameOrNumber(String user, boolean root) {
    assertThat(new ImageFacts("sha256:1", List.of(), Map.of(), List.of(), user).root())
        .isEqualTo(root);
  }

  @Test
  void pull_isToldLayerByLayer() {
    List<String> notes = new ArrayList<>();
    PullProgress progress = new PullProgress("lab/i:1", notes::add);
    List.of(
            "1: Pulling from lab/i",
            "aaaaaaaaaaaa: Pulling fs layer",
            "bbbbbbbbbbbb: Pulling fs layer",
            "aaaaaaaaaaaa: Download complete",
            "aaaaaaaaaaaa: Pull complete",
            "aaaaaaaaaaaa: Pull complete",
            "bbbbbbbbbbbb: Already exists",
            "Digest: sha256:0",
            "Copying blob sha256:cccccccccccccccc done")
        .forEach(progress::line);
    assertThat(notes)
        .containsExactly(
            "fetching image lab/i:1",
            "fetching image lab/i:1 (0 of 1 layers)",
            "fetching image lab/i:1 (0 of 2 layers)",
            "fetching image lab/i:1 (1 of 2 layers)",
            "fetching image lab/i:1 (2 of 2 layers)",
            "fetching image lab/i:1 (3 of 3 layers)");
  }
}
