package io.yunpipe.aws.template;

/**
 * Where a stack lives.
 *
 * @param partition {@code aws}, {@code aws-cn} or {@code aws-us-gov}
 * @param id the account's twelve digits
 * @param region the region
 */
public record Account(String partition, String id, String region) {
  /** Returns a resource's name with service, region and account: {@code arn:aws:sqs:…}. */
  public String arn(String service, String resource) {
    return "arn:" + partition + ":" + service + ":" + region + ":" + id + ":" + resource;
  }

  /** Returns the name of a resource that has no region, such as a role. */
  public String globalArn(String service, String resource) {
    return "arn:" + partition + ":" + service + "::" + id + ":" + resource;
  }
}
