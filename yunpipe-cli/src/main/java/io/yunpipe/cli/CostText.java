package io.yunpipe.cli;

import io.yunpipe.Cost;
import java.util.Locale;

/** A cost as a table, with its date and what was assumed. */
final class CostText {
  private CostText() {}

  static String of(Cost cost) {
    if (cost.prices().isEmpty()) {
      return "Nothing is charged here.\n";
    }
    Table table = new Table("WHAT", "QUANTITY", "UNIT", "USD");
    for (Cost.Item item : cost.items()) {
      table.add(item.what(), number(item.quantity()), item.unit(), usd(item.usd()));
    }
    StringBuilder text = new StringBuilder(table.toString());
    text.append("total: ").append(usd(cost.usd())).append(" USD, ").append(cost.prices());
    text.append('\n');
    cost.assumptions().forEach(assumed -> text.append("  - ").append(assumed).append('\n'));
    return text.toString();
  }

  private static String number(double quantity) {
    return String.format(Locale.ROOT, quantity < 100 ? "%.2f" : "%.0f", quantity);
  }

  /** Small runs cost less than a cent. */
  private static String usd(double usd) {
    return String.format(Locale.ROOT, usd < 1 ? "%.4f" : "%.2f", usd);
  }
}
