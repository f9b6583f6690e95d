package io.yunpipe;

import java.util.List;

/**
 * Money for a run: an estimate before it, or what was metered.
 *
 * @param usd US dollars, taxes and discounts of the account not counted
 * @param prices where the prices come from and their date, such as {@code AWS list prices of
 *     2026-11-20, eu-west-1}; empty if nothing is charged
 * @param items what it consists of
 * @param assumptions what was assumed, in one sentence each
 */
public record Cost(double usd, String prices, List<Item> items, List<String> assumptions) {
  /** Nothing is charged. */
  public static final Cost FREE = new Cost(0, "", List.of(), List.of());

  /** Copies the lists. */
  public Cost {
    items = List.copyOf(items);
    assumptions = List.copyOf(assumptions);
  }

  /**
   * A part of the cost.
   *
   * @param what what is charged, such as {@code edges: vCPU}
   * @param quantity how much of it
   * @param unit the unit, such as {@code vCPU-hours}
   * @param usd US dollars
   */
  public record Item(String what, double quantity, String unit, double usd) {}
}
