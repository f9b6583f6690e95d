/** Zips: written so that they repeat, read without trust. Not API. */
@NullMarked
package io.yunpipe.internal.archive;

import org.jspecify.annotations.NullMarked;
