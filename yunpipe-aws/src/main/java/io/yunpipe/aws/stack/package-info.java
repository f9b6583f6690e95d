/** The life of a pipeline's stack: set up, change, park, remove, and what is left of it. */
@NullMarked
package io.yunpipe.aws.stack;

import org.jspecify.annotations.NullMarked;
