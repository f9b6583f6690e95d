/** Workers that AWS starts: how many, and by which engine. */
@NullMarked
package io.yunpipe.aws.compute;

import org.jspecify.annotations.NullMarked;
