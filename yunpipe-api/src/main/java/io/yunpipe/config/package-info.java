/**
 * HOCON and the formats of earlier systems, bound to records; the only package that sees Typesafe
 * Config.
 */
@NullMarked
package io.yunpipe.config;

import org.jspecify.annotations.NullMarked;
