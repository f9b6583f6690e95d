package io.yunpipe.internal;

/**
 * One committed output file.
 *
 * @param name path below the job's output folder
 * @param key the object
 * @param size bytes
 * @param sha256 SHA-256, lower-case hex
 */
public record Output(String name, String key, long size, String sha256) {}
