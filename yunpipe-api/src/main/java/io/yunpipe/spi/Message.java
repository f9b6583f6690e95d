package io.yunpipe.spi;

/**
 * A message that was received and is leased to the receiver.
 *
 * @param id the same for every delivery of this message
 * @param body what was sent
 * @param receipt names this delivery
 * @param receives how often it was delivered, this time included; approximate
 */
public record Message(String id, String body, String receipt, int receives) {}
