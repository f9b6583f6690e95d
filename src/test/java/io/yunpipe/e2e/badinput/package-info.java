/** What bad input gets: one clear message, the other jobs go on, nothing is half-there. */
@NullMarked
package io.yunpipe.e2e.badinput;

import org.jspecify.annotations.NullMarked;
