/** Turns inputs into a stream of items, one after the other. Not API. */
@NullMarked
package io.yunpipe.internal.source;

import org.jspecify.annotations.NullMarked;
