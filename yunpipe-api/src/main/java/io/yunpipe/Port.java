package io.yunpipe;

/**
 * A port that a workflow may open on an algorithm's container.
 *
 * @param number 1 to 65535
 * @param protocol {@code tcp} or {@code udp}
 */
public record Port(int number, String protocol) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is outside its range
   */
  public Port {
    if (number < 1 || number > 65535) {
      throw new IllegalArgumentException("port must be 1 to 65535, but was " + number);
    }
    if (!protocol.equals("tcp") && !protocol.equals("udp")) {
      throw new IllegalArgumentException(
          "protocol must be tcp or udp, but was \"" + protocol + "\"");
    }
  }
}
