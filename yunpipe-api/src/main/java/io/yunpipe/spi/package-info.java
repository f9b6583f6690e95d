/** What a backend implements: an object store, job queues and compute. */
@NullMarked
package io.yunpipe.spi;

import org.jspecify.annotations.NullMarked;
