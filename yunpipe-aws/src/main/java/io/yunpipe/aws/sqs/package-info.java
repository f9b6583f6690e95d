/** Queues in SQS. */
@NullMarked
package io.yunpipe.aws.sqs;

import org.jspecify.annotations.NullMarked;
