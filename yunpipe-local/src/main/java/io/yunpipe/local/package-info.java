/** The embedded backend: a directory as object store, a durable queue, processes and containers. */
@NullMarked
package io.yunpipe.local;

import org.jspecify.annotations.NullMarked;
