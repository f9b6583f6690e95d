package io.yunpipe.aws.template;

import java.util.List;

/**
 * A role that somebody takes.
 *
 * @param purpose what it is for, such as {@code job}
 * @param name its name in IAM
 * @param description one sentence
 * @param trust who may take it
 * @param managed ARNs of policies of AWS that it has
 * @param statements what it may do
 */
record Role(
    String purpose,
    String name,
    String description,
    Statement trust,
    List<String> managed,
    List<Statement> statements) {

  String logicalId() {
    return RoleNames.logicalId(purpose);
  }

  /** Returns whether machines of EC2 take it, for which it needs a profile. */
  boolean ofMachines() {
    return purpose.equals(Permissions.INSTANCE);
  }
}
