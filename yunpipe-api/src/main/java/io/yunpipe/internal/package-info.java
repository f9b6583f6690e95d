/** Planner, protocol engine and message format; not API. */
@NullMarked
package io.yunpipe.internal;

import org.jspecify.annotations.NullMarked;
