package io.yunpipe.cli;

import io.yunpipe.SetUp;
import io.yunpipe.SetUpListener;
import java.util.Locale;

/** Says what a set-up changes, and asks before it does. */
final class SetUpWords implements SetUpListener {
  private final boolean yes;
  private boolean refused;

  /**
   * Creates it.
   *
   * @param yes whether not to ask
   */
  SetUpWords(boolean yes) {
    this.yes = yes;
  }

  @Override
  public boolean approve(SetUp changes) {
    System.err.print(text(changes));
    refused = !yes && !new Questions(System.in).yesOrNo("Make these changes?", false);
    return !refused;
  }

  @Override
  public void step(String what) {
    Messages.say(what);
  }

  /** Returns whether the changes were shown and not wanted. */
  boolean refused() {
    return refused;
  }

  static String text(SetUp setUp) {
    if (setUp.changes().isEmpty()) {
      return setUp.name().isEmpty()
          ? "Nothing has to be set up.\n"
          : setUp.name() + ": nothing to change.\n";
    }
    Table table = new Table("ACTION", "TYPE", "NAME", "DETAIL");
    for (SetUp.Change change : setUp.changes()) {
      table.add(
          change.action().name().toLowerCase(Locale.ROOT),
          change.type(),
          change.name(),
          change.detail());
    }
    return setUp.name() + ", " + Messages.count(setUp.changes().size(), "change") + ":\n" + table;
  }
}
