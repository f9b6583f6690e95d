/** Tests of the objects in S3. */
@NullMarked
package io.yunpipe.aws.s3;

import org.jspecify.annotations.NullMarked;
