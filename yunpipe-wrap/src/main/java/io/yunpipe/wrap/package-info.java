/**
 * Adds the worker to a user's image, so that it runs wherever images run, and looks into images:
 * {@link io.yunpipe.wrap.Wrapper} and {@link io.yunpipe.wrap.Images}. No container engine is
 * needed.
 */
@NullMarked
package io.yunpipe.wrap;

import org.jspecify.annotations.NullMarked;
