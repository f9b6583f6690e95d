/** The command line: the same verbs as the API. */
@NullMarked
package io.yunpipe.cli;

import org.jspecify.annotations.NullMarked;
