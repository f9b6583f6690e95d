package io.yunpipe.aws.template;

import java.util.ArrayList;
import java.util.List;

/**
 * Keys of objects that are facts: written once, if they are not there, and never again. The parts
 * before them have fixed lengths, so that a job's output cannot be taken for one: {@code
 * runs/ab/<run>/out/…/done/x} is none.
 */
final class WriteOnce {
  /** Two of a hash, and a run's id: day, time and six digits. */
  private static final String RUN = "runs/" + "?".repeat(2) + "/" + "?".repeat(22) + "/";

  private static final List<String> OF_RUN = List.of("manifest/*", "seal.json", "submission.json");

  private static final List<String> OF_GENERATION =
      List.of(
          "run.json",
          "done/*",
          "failed/*",
          "sdone/*",
          "stage/*",
          "pub/*",
          "fail/*",
          "CANCELLED",
          "DONE");

  private static final List<String> GENERATIONS = List.of("", "gen/?/", "gen/??/");

  private WriteOnce() {}

  /** Returns patterns of keys that are no facts: what is below a folder of each run. */
  static List<String> below(String folder) {
    return GENERATIONS.stream().map(generation -> RUN + generation + folder + "/*").toList();
  }

  /** Returns patterns of keys, as policies have them, of one pipeline's inbox and of all runs. */
  static List<String> keys(String pipeline) {
    List<String> all = new ArrayList<>();
    OF_RUN.forEach(key -> all.add(RUN + key));
    // A run that is tried again more than 99 times is still right, only not guarded.
    for (String generation : GENERATIONS) {
      OF_GENERATION.forEach(key -> all.add(RUN + generation + key));
    }
    all.add("inboxes/" + pipeline + "/*");
    return all;
  }
}
