package io.yunpipe.config;

import com.typesafe.config.ConfigObject;
import io.yunpipe.FailurePolicy;
import io.yunpipe.Stage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads whether a stage gathers, and what it does about failures before it. */
final class GatherReader {
  private static final Pattern TOLERATE = Pattern.compile("tolerate\\s+(\\S+)\\s*(%?)");
  private static final String EXPECTED =
      "true, fail-fast, best-effort, \"tolerate 3\" or \"tolerate 5%\"";

  private GatherReader() {}

  /** Sets the stage's gather; returns whether it gathers. */
  static boolean read(Fields in, Stage.Builder to) {
    if (!in.has("gather")) {
      return false;
    }
    if (in.value("gather") instanceof ConfigObject) {
      return readBlock(in, to);
    }
    String text = in.text("gather");
    Boolean flag = text == null ? null : Values.flag(text);
    if (Boolean.FALSE.equals(flag)) {
      return false;
    }
    Matcher tolerate = TOLERATE.matcher(String.valueOf(text));
    if (Boolean.TRUE.equals(flag)) {
      to.gather();
    } else if ("fail-fast".equals(text)) {
      to.gather(FailurePolicy.failFast());
    } else if ("best-effort".equals(text)) {
      to.gather(FailurePolicy.bestEffort());
    } else if (tolerate.matches()) {
      set(in, tolerate.group(1) + tolerate.group(2), to);
    } else if (text != null) {
      in.problem("gather", "expected " + EXPECTED + ", but found \"" + text + "\"");
    }
    return true;
  }

  private static boolean readBlock(Fields in, Stage.Builder to) {
    Fields block = in.block("gather");
    if (block == null) {
      return true;
    }
    String tolerated = block.text("tolerate");
    boolean failFast = block.flag("fail-fast", false);
    boolean bestEffort = block.flag("best-effort", false);
    block.finish();
    if ((tolerated == null ? 0 : 1) + (failFast ? 1 : 0) + (bestEffort ? 1 : 0) > 1) {
      block.problem("expected one of tolerate, fail-fast and best-effort");
    } else if (tolerated != null) {
      set(in, tolerated, to);
    } else if (failFast) {
      to.gather(FailurePolicy.failFast());
    } else if (bestEffort) {
      to.gather(FailurePolicy.bestEffort());
    } else {
      to.gather();
    }
    return true;
  }

  private static void set(Fields in, String tolerated, Stage.Builder to) {
    FailurePolicy policy = in.make("gather", () -> policy(tolerated.replace(" ", "")));
    if (policy != null) {
      to.gather(policy);
    }
  }

  private static FailurePolicy policy(String tolerated) {
    boolean share = tolerated.endsWith("%");
    String number = share ? tolerated.substring(0, tolerated.length() - 1) : tolerated;
    @Nullable Double percent = share ? Values.number(number) : null;
    @Nullable Long jobs = share ? null : Values.whole(number);
    if (percent != null) {
      return FailurePolicy.toleratePercent(percent);
    }
    if (jobs != null) {
      return FailurePolicy.tolerate(jobs);
    }
    throw new IllegalArgumentException(
        "expected a number of jobs or a share such as 5%, but found \"" + tolerated + "\"");
  }
}
