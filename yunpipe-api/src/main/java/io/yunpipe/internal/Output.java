package io.yunpipe.internal;

/**
 * One committed output file; its object is {@link Marker#at()}, a slash, and its name.
 *
 * @param name path below the job's output folder
 * @param size bytes
 * @param sha256 SHA-256, lower-case hex
 */
public record Output(String name, long size, String sha256) {}
