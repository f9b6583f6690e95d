package io.yunpipe.aws.template;

/** How parts of a template name a role. */
final class RoleNames {
  private final StackSpec spec;

  RoleNames(StackSpec spec) {
    this.spec = spec;
  }

  /** Returns a role's ARN. */
  Object arn(String purpose) {
    return spec.ownRoles()
        ? Values.attribute(logicalId(purpose), "Arn")
        : spec.names().roleArn(spec.account(), purpose);
  }

  /** Returns the ARN of the profile by which machines have a role. */
  Object profileArn(String purpose) {
    return spec.ownRoles()
        ? Values.attribute(logicalId(purpose) + "Profile", "Arn")
        : spec.account()
            .globalArn("iam", "instance-profile/" + spec.names().role(spec.account(), purpose));
  }

  static String logicalId(String purpose) {
    return Character.toUpperCase(purpose.charAt(0)) + purpose.substring(1) + "Role";
  }
}
