package io.yunpipe.internal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commit of one job: written once, and from then on the only truth about it.
 *
 * @param v format version
 * @param job the job's id
 * @param name the path that results mirror
 * @param lineage which item it is across stages
 * @param ok whether it is a success
 * @param attempt the attempt that was committed
 * @param attempts attempts made
 * @param exit exit code, -1 if there was none
 * @param reason why it failed, or null
 * @param at key prefix of the outputs, without a slash at its end
 * @param out the outputs
 * @param children jobs that follow, by stage
 * @param variables values of the parameter matrix
 * @param content hash of the inputs, so that a later generation can tell whether they changed
 * @param log key of the log, or null if nothing was written
 * @param finished when it was committed, in milliseconds since 1970
 * @param took milliseconds of execution
 */
public record Marker(
    int v,
    String job,
    String name,
    String lineage,
    boolean ok,
    String attempt,
    int attempts,
    int exit,
    @Nullable String reason,
    String at,
    List<Output> out,
    Map<String, Integer> children,
    Map<String, String> variables,
    String content,
    @Nullable String log,
    long finished,
    long took) {
  /** Replaces what was absent by empty values. */
  public Marker {
    name = name == null ? "" : name;
    at = at == null ? "" : at;
    content = content == null ? "" : content;
    out = out == null ? List.of() : out;
    children = children == null ? Map.of() : children;
    variables = variables == null ? Map.of() : variables;
  }

  /** Returns the object that holds an output. */
  public String key(Output output) {
    return at + "/" + output.name();
  }

  /** Returns the job's result as taken over by a later generation. */
  Marker takenOver(Map<String, Integer> newChildren) {
    return new Marker(
        v,
        job,
        name,
        lineage,
        ok,
        attempt,
        attempts,
        exit,
        reason,
        at,
        out,
        newChildren,
        variables,
        content,
        log,
        finished,
        took);
  }
}
