/** Contract tests that every object store and job queue must pass, ours or not. */
@NullMarked
package io.yunpipe.testkit;

import org.jspecify.annotations.NullMarked;
