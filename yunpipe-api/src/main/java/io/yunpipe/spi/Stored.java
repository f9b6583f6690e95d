package io.yunpipe.spi;

/**
 * What was stored.
 *
 * @param size bytes
 * @param sha256 SHA-256 of the bytes as they were stored, lower-case hex
 */
public record Stored(long size, String sha256) {}
