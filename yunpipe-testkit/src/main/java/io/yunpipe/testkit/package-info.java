/** Contract tests that every object store, job queue and compute must pass, ours or not. */
@NullMarked
package io.yunpipe.testkit;

import org.jspecify.annotations.NullMarked;
