package io.yunpipe.aws.template;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The roles of a pipeline alone, in a stack of their own: for an administrator who makes them for
 * somebody who may not. The pipeline's stack then takes them as they are; who makes that takes the
 * role of operators.
 */
public final class RolesTemplate {
  private RolesTemplate() {}

  /** Makes the template. Touches no network. */
  public static Template of(StackSpec spec) {
    TreeMap<String, String> tags = new TreeMap<>(Tags.of(spec));
    tags.put(Tags.STACK, spec.names().rolesStack());
    Parts parts = new Parts("yunpipe: roles of pipeline " + spec.names().pipeline(), tags);
    StackSpec given = spec.withGivenRoles();
    List<Role> roles = new ArrayList<>(Permissions.roles(given));
    roles.add(Permissions.operatorRole(given));
    for (Role role : roles) {
      parts.addRole(role, spec.permissionsBoundary());
      parts.output(role.logicalId(), role.description(), Values.attribute(role.logicalId(), "Arn"));
    }
    return parts.template();
  }
}
