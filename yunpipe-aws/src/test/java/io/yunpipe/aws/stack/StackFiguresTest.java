package io.yunpipe.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts the calls of each step of a stack's life, and prints them with the time they took. */
class StackFiguresTest {
  @Test
  void calls_ofEachStep_areFew(@TempDir Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    try (ProxiedCloud aws = ProxiedCloud.start(folder)) {
      CallProxy proxy = aws.proxy();
      Cloud cloud = aws.cloud();
      SmallBlueprint first = SmallBlueprint.of("figures");
      SmallBlueprint changed = first.visibility(90);
      SaidSteps said = new SaidSteps(true);
      lines.add(line(proxy, "init, first in the account", () -> life(cloud, first).init(said)));
      lines.add(
          line(
              proxy,
              "init, another pipeline",
              () -> life(cloud, SmallBlueprint.of("other")).init(said)));
      lines.add(line(proxy, "init, no change", () -> life(cloud, first).init(said)));
      assertThat(proxy.calls()).hasSize(1);
      lines.add(line(proxy, "preview of a change", () -> life(cloud, changed).preview()));
      lines.add(line(proxy, "init, a change", () -> life(cloud, changed).init(said)));
      lines.add(line(proxy, "ready", () -> life(cloud, changed).ready()));
      assertThat(proxy.calls()).hasSize(1);
      lines.add(line(proxy, "park", () -> life(cloud, changed).park(() -> {}, said)));
      lines.add(line(proxy, "init after park", () -> life(cloud, changed).init(said)));
      lines.add(
          line(proxy, "clean-up --empty", () -> life(cloud, changed).remove(true, () -> {}, said)));
      assertThat(proxy.calls().size()).isLessThan(40);
    }
    System.out.println("| what | calls | seconds |\n| --- | --- | --- |");
    lines.forEach(System.out::println);
  }

  private static StackLife life(Cloud cloud, Blueprint blueprint) {
    return new StackLife(cloud, blueprint, queue -> 0);
  }

  private static String line(CallProxy proxy, String what, Runnable step) {
    proxy.forget();
    long start = System.nanoTime();
    step.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    TreeMap<String, Integer> counts = new TreeMap<>();
    proxy.calls().forEach(call -> counts.merge(call, 1, Integer::sum));
    System.out.println(what + ": " + counts);
    return "| %s | %d | %.2f |".formatted(what, proxy.calls().size(), seconds);
  }
}
