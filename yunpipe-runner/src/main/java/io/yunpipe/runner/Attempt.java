package io.yunpipe.runner;

import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.InputRef;
import java.nio.file.Path;
import java.util.Map;

/**
 * One try of one job, as an executor gets it.
 *
 * @param run the run
 * @param stage the stage's name
 * @param job the job's id
 * @param name the path that results mirror
 * @param id unique among all attempts
 * @param algorithm what to run
 * @param variables variables of the stage and the job, which make the environment
 * @param inputs the input files; of any number for a gather, so read them one by one
 * @param memoryMib memory limit of this attempt in MiB, 0 for none
 * @param scratch a path for this attempt alone, which does not exist; a command may get a folder
 *     beside it instead that an earlier one has left empty
 */
public record Attempt(
    String run,
    String stage,
    String job,
    String name,
    String id,
    AlgorithmSpec algorithm,
    Map<String, String> variables,
    Iterable<InputRef> inputs,
    boolean gather,
    long memoryMib,
    Path scratch) {}
