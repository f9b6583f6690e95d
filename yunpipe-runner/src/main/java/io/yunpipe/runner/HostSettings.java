package io.yunpipe.runner;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How commands run that do not get a container of their own.
 *
 * @param user who runs them, or null for the user of this program
 * @param inside whether this program runs in the algorithms' own image, so that one with an image
 *     is a command like others
 * @param entryPoint what an algorithm without a command runs then
 * @param passed variables that commands get besides their own
 */
record HostSettings(
    @Nullable UserSwitch user,
    boolean inside,
    List<String> entryPoint,
    Map<String, String> passed) {
  /** Commands of the host, as the user of this program, with nothing but their own variables. */
  static final HostSettings PLAIN = new HostSettings(null, false, List.of(), Map.of());
}
