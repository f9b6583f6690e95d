/** Side-by-side measurements against peers. */
@NullMarked
package io.yunpipe.bench;

import org.jspecify.annotations.NullMarked;
