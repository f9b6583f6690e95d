/** Programs as a user would write them. */
@NullMarked
package io.yunpipe.samples;

import org.jspecify.annotations.NullMarked;
