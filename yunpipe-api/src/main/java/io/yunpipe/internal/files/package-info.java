/** Names, order and errors of local files. Not API. */
@NullMarked
package io.yunpipe.internal.files;

import org.jspecify.annotations.NullMarked;
