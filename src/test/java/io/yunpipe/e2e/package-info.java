/** The whole of yunpipe, through its public API, on real directories and processes. */
@NullMarked
package io.yunpipe.e2e;

import org.jspecify.annotations.NullMarked;
