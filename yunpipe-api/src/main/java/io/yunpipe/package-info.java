/**
 * Describe and run: what a program that embeds yunpipe uses.
 *
 * <p>Start at {@link io.yunpipe.Pipeline#builder()}. Types here use only the JDK and each other.
 */
@NullMarked
package io.yunpipe;

import org.jspecify.annotations.NullMarked;
