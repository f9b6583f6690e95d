/** Templates of CloudFormation: what a pipeline needs on AWS, as data. */
@NullMarked
package io.yunpipe.aws.template;

import org.jspecify.annotations.NullMarked;
