package io.yunpipe.aws.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds what has yunpipe's tag. What was deleted just now may still be found for a while. */
final class Tagged {
  private final JsonCalls calls;

  Tagged(Cloud cloud) {
    this.calls =
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
      ObjectNode request = JsonCalls.MAPPER.createObjectNode();
      ObjectNode filter = request.putArray("TagFilters").addObject();
      filter.put("Key", StackLife.TAG);
      if (!stack.isEmpty()) {
        filter.putArray("Values").add(stack);
      }
      if (!next.isEmpty()) {
        request.put("PaginationToken", next);
      }
      JsonNode answer = calls.call("GetResources", request, "resources tagged " + StackLife.TAG);
      for (JsonNode one : answer.path("ResourceTagMappingList")) {
        found.put(one.path("ResourceARN").asText(), tag(one));
      }
      next = answer.path("PaginationToken").asText("");
    } while (!next.isEmpty());
    return found;
  }

  private static String tag(JsonNode one) {
    List<String> values = new ArrayList<>();
    for (JsonNode tag : one.path("Tags")) {
      if (tag.path("Key").asText().equals(StackLife.TAG)) {
        values.add(tag.path("Value").asText());
      }
    }
    return String.join(",", values);
  }
}
