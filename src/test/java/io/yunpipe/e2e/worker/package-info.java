/** Workers as processes of their own, over the local backend. */
@NullMarked
package io.yunpipe.e2e.worker;

import org.jspecify.annotations.NullMarked;
