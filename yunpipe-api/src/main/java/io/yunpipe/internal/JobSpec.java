package io.yunpipe.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One input through one stage.
 *
 * @param id hash of run, stage and lineage
 * @param lineage says which item this is across stages; joined branches share it
 * @param name the path that results mirror
 * @param in the input files; empty for a gather, which reads the stages before
 * @param inKey object with the list of input files, when it is too long for a message, or null
 * @param variables values of the parameter matrix
 * @param problem why the input could not be taken, so that the job fails without being run, or null
 * @param tries attempts that are known to have failed; their records need not be looked for while
 *     it is 0
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JobSpec(
    String id,
    String lineage,
    String name,
    List<InputRef> in,
    @Nullable String inKey,
    Map<String, String> variables,
    @Nullable String problem,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int tries) {
  /** Replaces what was absent by empty values. */
  public JobSpec {
    in = in == null ? List.of() : List.copyOf(in);
    variables = variables == null ? Map.of() : variables;
    name = name == null ? "" : name;
  }

  JobSpec listedAt(String key) {
    return new JobSpec(id, lineage, name, List.of(), key, variables, problem, tries);
  }

  /** Returns the job as it is sent again after so many failed attempts. */
  public JobSpec again(int failed) {
    return new JobSpec(id, lineage, name, in, inKey, variables, problem, failed);
  }
}
