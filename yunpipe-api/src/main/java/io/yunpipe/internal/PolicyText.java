package io.yunpipe.internal;

import io.yunpipe.FailurePolicy;
import io.yunpipe.FailurePolicy.FailFast;
import io.yunpipe.FailurePolicy.Tolerate;
import io.yunpipe.FailurePolicy.ToleratePercent;

/**
 * Failure policies as text: {@code fail-fast}, {@code tolerate 3}, {@code tolerate 5.0%}, {@code
 * best-effort}.
 */
final class PolicyText {
  private static final String TOLERATE = "tolerate ";

  private PolicyText() {}

  static String of(FailurePolicy policy) {
    if (policy instanceof FailFast) {
      return "fail-fast";
    }
    if (policy instanceof Tolerate tolerate) {
      return TOLERATE + tolerate.jobs();
    }
    return policy instanceof ToleratePercent share
        ? TOLERATE + share.percent() + "%"
        : "best-effort";
  }

  static FailurePolicy parse(String text) {
    if (text.equals("fail-fast")) {
      return FailurePolicy.failFast();
    }
    if (!text.startsWith(TOLERATE)) {
      return FailurePolicy.bestEffort();
    }
    String amount = text.substring(TOLERATE.length());
    return amount.endsWith("%")
        ? FailurePolicy.toleratePercent(
            Double.parseDouble(amount.substring(0, amount.length() - 1)))
        : FailurePolicy.tolerate(Long.parseLong(amount));
  }
}
