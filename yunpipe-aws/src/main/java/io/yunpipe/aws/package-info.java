/** The AWS backend: objects in S3, queues in SQS. */
@NullMarked
package io.yunpipe.aws;

import org.jspecify.annotations.NullMarked;
