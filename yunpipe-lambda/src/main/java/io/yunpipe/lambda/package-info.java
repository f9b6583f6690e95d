/** The router as an AWS Lambda function, and as a plain process. */
@NullMarked
package io.yunpipe.lambda;

import org.jspecify.annotations.NullMarked;
