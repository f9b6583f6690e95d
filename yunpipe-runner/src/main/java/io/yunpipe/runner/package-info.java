/**
 * The worker: pulls jobs, stages their inputs in, executes them, stages outputs out and commits.
 */
@NullMarked
package io.yunpipe.runner;

import org.jspecify.annotations.NullMarked;
