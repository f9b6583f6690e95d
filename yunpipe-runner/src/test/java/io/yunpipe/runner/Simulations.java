package io.yunpipe.runner;

import io.yunpipe.internal.RunPlan;

/** Lends the simulation's plan to tests of other packages. */
public final class Simulations {
  private Simulations() {}

  /** Returns a plan with every kind of edge. */
  public static RunPlan plan() {
    return Simulation.plan();
  }
}
