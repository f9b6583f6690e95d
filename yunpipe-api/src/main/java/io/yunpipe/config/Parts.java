package io.yunpipe.config;

import com.typesafe.config.ConfigObject;
import io.yunpipe.Port;
import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what both algorithms and stages have. */
final class Parts {
  private static final Pattern PORT = Pattern.compile("(\\d{1,9})(?:/(\\w+))?");

  private Parts() {}

  /** Reads a block of resources; what it does not say stays. */
  static Resources resources(Fields in, String key, Resources otherwise) {
    Fields block = in.block(key);
    if (block == null) {
      return otherwise;
    }
    Double cpus = block.number("cpus");
    Long memory = block.mib("memory");
    Long scratch = block.mib("scratch");
    Long gpus = block.whole("gpus");
    block.finish();
    return resources(
        in,
        key,
        cpus == null ? otherwise.cpus() : cpus,
        memory == null ? otherwise.memoryMib() : memory,
        scratch == null ? otherwise.scratchMib() : scratch,
        gpus == null ? otherwise.gpus() : gpus,
        otherwise);
  }

  private static Resources resources(
      Fields in,
      String key,
      double cpus,
      long memory,
      long scratch,
      long gpus,
      Resources otherwise) {
    Resources resources =
        in.make(key, () -> new Resources(cpus, memory, scratch, (int) Math.min(gpus, 1 << 20)));
    return resources == null ? otherwise : resources;
  }

  /** Reads a number of attempts, or a block. */
  static @Nullable RetryPolicy retry(Fields in, String key) {
    if (!(in.value(key) instanceof ConfigObject)) {
      Long attempts = in.whole(key);
      return attempts == null ? null : in.make(key, () -> RetryPolicy.of(clamp(attempts)));
    }
    Fields block = in.block(key);
    if (block == null) {
      return null;
    }
    RetryPolicy usual = RetryPolicy.NONE;
    Long attempts = block.whole("attempts");
    Duration first = block.duration("backoff");
    Duration longest = block.duration("max-backoff");
    Double factor = block.number("memory-factor");
    block.finish();
    Duration backoff = first == null ? usual.backoff() : first;
    Duration usualLongest =
        backoff.compareTo(usual.maxBackoff()) > 0 ? backoff : usual.maxBackoff();
    return in.make(
        key,
        () ->
            new RetryPolicy(
                attempts == null ? usual.attempts() : clamp(attempts),
                backoff,
                longest == null ? usualLongest : longest,
                factor == null ? usual.memoryFactor() : factor));
  }

  /** Reads ports: {@code 9090}, {@code "53/udp"} or a block with port and protocol. */
  static List<Port> ports(Fields in, String key) {
    List<Port> ports = new ArrayList<>();
    for (Fields.Item item : in.list(key)) {
      Port port = item.value() instanceof ConfigObject ? portBlock(in, item) : portText(in, item);
      if (port != null) {
        ports.add(port);
      }
    }
    return ports;
  }

  private static @Nullable Port portBlock(Fields in, Fields.Item item) {
    Fields block = in.block(item);
    if (block == null) {
      return null;
    }
    Long number = block.whole("port");
    String protocol = block.text("protocol", "tcp");
    block.finish();
    if (number == null) {
      if (!block.has("port")) {
        block.problem("port is not set");
      }
      return null;
    }
    return block.make("port", () -> new Port(clamp(number), protocol));
  }

  private static @Nullable Port portText(Fields in, Fields.Item item) {
    String expected = "a port such as 9090 or \"53/udp\"";
    String text = in.text(item, expected);
    if (text == null) {
      return null;
    }
    Matcher match = PORT.matcher(text);
    if (!match.matches()) {
      in.mismatch(item, expected);
      return null;
    }
    String protocol = match.group(2) == null ? "tcp" : match.group(2);
    return in.make(item, () -> new Port(Integer.parseInt(match.group(1)), protocol));
  }

  static int clamp(long number) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
  }
}
