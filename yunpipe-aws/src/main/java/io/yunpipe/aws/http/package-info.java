/** Signed calls of AWS services, over the SDK's HTTP client, signer, credentials and retries. */
@NullMarked
package io.yunpipe.aws.http;

import org.jspecify.annotations.NullMarked;
