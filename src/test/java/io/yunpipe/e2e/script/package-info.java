/** The one shaded jar under programs, scripts and notebooks, started as a user would. */
@NullMarked
package io.yunpipe.e2e.script;

import org.jspecify.annotations.NullMarked;
