package io.yunpipe.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.Port;
import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An algorithm as a stage runs it, written into the plan; the worker needs nothing else.
 *
 * @param name algorithm name
 * @param function whether it is a Java function of the program that defined it
 * @param image container image, or null for the host
 * @param argv tokens before replacement; empty: the image's own entry point
 * @param variables names and values that reach the environment; a job's matrix values come on top
 * @param ports opened ports
 * @param resources what one job needs
 * @param retry when attempts are repeated
 * @param timeoutMillis limit of execution, or 0 for none
 * @param successCodes exit codes that mean success
 * @param network whether a container may use the network
 * @param outputMode what {@code $output} stands for
 * @param inputPath folder for inputs in a container
 * @param outputPath folder for outputs in a container
 * @param executablePath executable in the image, or null
 * @param staging what is placed before the command starts
 * @param stdin staged path, or null
 * @param stdout output file, or null for the log
 * @param stderr output file, or null for the log
 * @param zippedOutput file kept of a zipped job, or null if the input is not unpacked
 * @param zippedExtension extension of the kept file's stored name
 * @param naming {@code plain} or {@code yunpipe}
 * @param zipResults whether a folder result is packed
 * @param imagePin the image as it was at submission: its name with a digest, or an engine's id;
 *     null if that was not known
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record AlgorithmSpec(
    String name,
    boolean function,
    @Nullable String image,
    List<String> argv,
    Map<String, String> variables,
    Set<Port> ports,
    Resources resources,
    RetryPolicy retry,
    long timeoutMillis,
    Set<Integer> successCodes,
    boolean network,
    OutputMode outputMode,
    String inputPath,
    String outputPath,
    @Nullable String executablePath,
    List<StagedEntry> staging,
    @Nullable String stdin,
    @Nullable String stdout,
    @Nullable String stderr,
    @Nullable String zippedOutput,
    @Nullable String zippedExtension,
    String naming,
    boolean zipResults,
    @Nullable String imagePin) {

  /**
   * Something placed in the job's file system: exactly one of object, text or (both null) a folder.
   *
   * @param path relative to the working folder, or absolute in a container
   * @param object the stored file, or null
   * @param text literal content, or null
   * @param writable whether the job may write to it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StagedEntry(
      String path, @Nullable InputRef object, @Nullable String text, boolean writable) {}

  /** Creates an algorithm whose image was not looked at. */
  public AlgorithmSpec(
      String name,
      boolean function,
      @Nullable String image,
      List<String> argv,
      Map<String, String> variables,
      Set<Port> ports,
      Resources resources,
      RetryPolicy retry,
      long timeoutMillis,
      Set<Integer> successCodes,
      boolean network,
      OutputMode outputMode,
      String inputPath,
      String outputPath,
      @Nullable String executablePath,
      List<StagedEntry> staging,
      @Nullable String stdin,
      @Nullable String stdout,
      @Nullable String stderr,
      @Nullable String zippedOutput,
      @Nullable String zippedExtension,
      String naming,
      boolean zipResults) {
    this(
        name,
        function,
        image,
        argv,
        variables,
        ports,
        resources,
        retry,
        timeoutMillis,
        successCodes,
        network,
        outputMode,
        inputPath,
        outputPath,
        executablePath,
        staging,
        stdin,
        stdout,
        stderr,
        zippedOutput,
        zippedExtension,
        naming,
        zipResults,
        null);
  }

  /** Returns this algorithm with its image as it is now. */
  public AlgorithmSpec pinned(String pin) {
    return copy(variables, retry, staging, pin);
  }

  /** Returns this algorithm with other variables. */
  public AlgorithmSpec with(Map<String, String> others) {
    return copy(others, retry, staging, imagePin);
  }

  /** Returns this algorithm without further attempts. */
  public AlgorithmSpec once() {
    return copy(variables, RetryPolicy.NONE, staging, imagePin);
  }

  /** Returns this algorithm with its staged objects elsewhere. */
  public AlgorithmSpec staged(UnaryOperator<InputRef> move) {
    List<StagedEntry> moved =
        staging.stream()
            .map(
                entry ->
                    entry.object() == null
                        ? entry
                        : new StagedEntry(
                            entry.path(), move.apply(entry.object()), null, entry.writable()))
            .toList();
    return copy(variables, retry, moved, imagePin);
  }

  private AlgorithmSpec copy(
      Map<String, String> newVariables,
      RetryPolicy newRetry,
      List<StagedEntry> newStaging,
      @Nullable String newPin) {
    return new AlgorithmSpec(
        name,
        function,
        image,
        argv,
        newVariables,
        ports,
        resources,
        newRetry,
        timeoutMillis,
        successCodes,
        network,
        outputMode,
        inputPath,
        outputPath,
        executablePath,
        newStaging,
        stdin,
        stdout,
        stderr,
        zippedOutput,
        zippedExtension,
        naming,
        zipResults,
        newPin);
  }

  /** Replaces what was absent by empty values. */
  public AlgorithmSpec {
    argv = argv == null ? List.of() : argv;
    variables = variables == null ? Map.of() : variables;
    ports = ports == null ? Set.of() : ports;
    successCodes = successCodes == null ? Set.of(0) : successCodes;
    staging = staging == null ? List.of() : staging;
    outputMode = outputMode == null ? OutputMode.FOLDER : outputMode;
    naming = naming == null ? "plain" : naming;
    inputPath = inputPath == null ? "/yunpipe/in" : inputPath;
    outputPath = outputPath == null ? "/yunpipe/out" : outputPath;
  }
}
