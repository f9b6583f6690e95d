package io.yunpipe.aws.sqs;

import io.yunpipe.aws.LocalStack;

/** The contract over LocalStack. */
class LocalStackSqsTest extends SqsContract {
  LocalStackSqsTest() {
    super(SqsQueues.over(SqsServer.http(), LocalStack.endpoint(), SqsOptions.DEFAULT));
  }

  @Override
  protected boolean endsFormerLeases() {
    return false;
  }
}
