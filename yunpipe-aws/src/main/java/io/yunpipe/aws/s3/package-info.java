/** Objects in S3 and in services that speak its protocol. */
@NullMarked
package io.yunpipe.aws.s3;

import org.jspecify.annotations.NullMarked;
