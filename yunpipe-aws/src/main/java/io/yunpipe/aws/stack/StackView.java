package io.yunpipe.aws.stack;

import io.yunpipe.aws.http.XmlNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stack as it is.
 *
 * @param id its ARN; finds it after it was deleted, too
 * @param name its name
 * @param status CloudFormation's word
 * @param reason why it has that status; may be empty
 * @param updated when it was last changed; may be empty
 * @param parameters its parameters
 */
record StackView(
    String id,
    String name,
    String status,
    String reason,
    String updated,
    Map<String, String> parameters) {
  static StackView of(XmlNode member) {
    Map<String, String> parameters = new TreeMap<>();
    for (XmlNode one : member.all("Parameters/member")) {
      parameters.put(one.value("ParameterKey"), one.value("ParameterValue"));
    }
    return new StackView(
        member.value("StackId"),
        member.value("StackName"),
        member.value("StackStatus"),
        member.value("StackStatusReason"),
        member.value("LastUpdatedTime"),
        parameters);
  }

  StackState state() {
    return StackState.of(status);
  }

  /** Returns what the stack was made from; empty if it was not made by yunpipe. */
  String content() {
    return parameters.getOrDefault(StackTemplate.CONTENT, "");
  }
}
