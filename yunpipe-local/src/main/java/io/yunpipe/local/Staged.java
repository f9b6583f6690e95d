package io.yunpipe.local;

import java.nio.file.Path;

/**
 * A file that is whole and durable and waits for its name.
 *
 * @param file where it is
 * @param moved whether it is the caller's own and not a copy
 * @param size bytes
 * @param sha256 lower-case hex; empty if not asked for
 */
record Staged(Path file, boolean moved, long size, String sha256) {}
