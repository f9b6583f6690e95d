/** Runs over S3 and SQS, with workers and router in processes of their own. */
@NullMarked
package io.yunpipe.e2e.aws;

import org.jspecify.annotations.NullMarked;
