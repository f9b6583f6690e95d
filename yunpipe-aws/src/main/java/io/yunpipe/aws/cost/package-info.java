/** What work costs on AWS. */
@NullMarked
package io.yunpipe.aws.cost;

import org.jspecify.annotations.NullMarked;
