package io.yunpipe.aws.stack;

import io.yunpipe.SetUp;
import io.yunpipe.SetUpListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Remembers what it is told. */
final class SaidSteps implements SetUpListener {
  final List<String> steps = Collections.synchronizedList(new ArrayList<>());
  final List<SetUp> asked = Collections.synchronizedList(new ArrayList<>());
  private final boolean agrees;

  SaidSteps(boolean agrees) {
    this.agrees = agrees;
  }

  @Override
  public boolean approve(SetUp changes) {
    asked.add(changes);
    return agrees;
  }

  @Override
  public void step(String what) {
    steps.add(what);
  }
}
