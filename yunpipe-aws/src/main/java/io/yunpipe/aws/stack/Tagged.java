package io.yunpipe.aws.stack;

import io.yunpipe.aws.http.AwsFailure;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.aws.http.JsonAnswer;
import io.yunpipe.aws.http.JsonService;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds what has yunpipe's tag. What was deleted just now may still be found for a while. */
final class Tagged {
  private final JsonService service;

  Tagged(Cloud cloud) {
    this.service =
        cloud.json("Resource Groups Tagging API", "tagging", "ResourceGroupsTaggingAPI_20170126");
  }

  /** Returns the ARNs of all that is a stack's. */
  List<String> arns(String stack) {
    return find(stack).keySet().stream().toList();
  }

  /** Returns the stacks' names of all that has the tag, by ARN. */
  Map<String, String> all() {
    return find("");
  }

  private Map<String, String> find(String stack) {
    Map<String, String> found = new TreeMap<>();
    String next = "";
    do {
      JsonAnswer answer = page(stack, next);
      for (JsonAnswer one : answer.objects("ResourceTagMappingList")) {
        found.put(one.text("ResourceARN"), tag(one));
      }
      next = answer.text("PaginationToken");
    } while (!next.isEmpty());
    return found;
  }

  private JsonAnswer page(String stack, String token) {
    try {
      return service.ask(
          "GetResources",
          json -> {
            json.writeArrayFieldStart("TagFilters");
            json.writeStartObject();
            json.writeStringField("Key", StackLife.TAG);
            if (!stack.isEmpty()) {
              json.writeArrayFieldStart("Values");
              json.writeString(stack);
              json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndArray();
            if (!token.isEmpty()) {
              json.writeStringField("PaginationToken", token);
            }
          });
    } catch (AwsRefusal e) {
      // Permissions call the service otherwise than signatures do.
      throw AwsFailure.of(
          new AwsFailure.Attempt("tag:GetResources", "resources tagged " + StackLife.TAG),
          e.error(),
          e);
    }
  }

  private static String tag(JsonAnswer one) {
    return one.objects("Tags").stream()
        .filter(tag -> tag.text("Key").equals(StackLife.TAG))
        .map(tag -> tag.text("Value"))
        .collect(Collectors.joining(","));
  }
}
