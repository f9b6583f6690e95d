/** Images of users, from the registry to results. */
@NullMarked
package io.yunpipe.e2e.images;

import org.jspecify.annotations.NullMarked;
