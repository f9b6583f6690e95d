/** Tests that the documents tell the truth. */
@NullMarked
package io.yunpipe.e2e.docs;

import org.jspecify.annotations.NullMarked;
