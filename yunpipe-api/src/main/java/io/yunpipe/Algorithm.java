package io.yunpipe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A described command, container image or Java function that turns one input into outputs.
 *
 * <p>In a command, {@code $input} is the job's input file (a folder, if the job has several) and
 * {@code $output} the folder that takes its outputs; both are replaced inside tokens too, as are
 * {@code $NAME} and {@code ${NAME}} of declared variables. No shell is started unless the command
 * is one. A token that names an existing file relative to {@link #baseFolder()} is staged with the
 * job. Immutable and thread-safe.
 */
public final class Algorithm {
  /** What {@code $output} stands for. */
  public enum OutputMode {
    /** An empty folder that exists. */
    FOLDER,
    /** A path that does not exist yet; the algorithm makes a file or a folder of it. */
    FILE
  }

  private final Builder values;

  private Algorithm(Builder values) {
    this.values = values;
  }

  /**
   * Returns a command on the host.
   *
   * @param name a-z, 0-9 and -, at most 63
   * @param command split as a shell would, for example {@code "java Edges.java $input $output"}
   */
  public static Algorithm command(String name, String command) {
    return builder(name).command(command).build();
  }

  /**
   * Returns a container image with a command; an empty command means the image's own entry point.
   */
  public static Algorithm image(String name, String image, String command) {
    return builder(name).image(image).command(command).build();
  }

  /** Returns a Java function; its jobs run in this program only. */
  public static Algorithm function(String name, JobFunction function) {
    return builder(name).function(function).build();
  }

  /** Starts a description. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** Returns a builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(values);
  }

  /**
   * Runs one file through the same contract as a run, on this machine, and returns all that was
   * seen.
   */
  public Trial tryOn(Path input) {
    return tryOn(input, Map.of());
  }

  /** As {@link #tryOn(Path)}, with values for variables. */
  public Trial tryOn(Path input, Map<String, String> variables) {
    return Engine.get().tryOn(this, input, variables);
  }

  /** Returns the name. */
  public String name() {
    return values.name;
  }

  /**
   * Returns the command's tokens before replacement; empty for a function or an image's own entry
   * point.
   */
  public List<String> argv() {
    return values.argv;
  }

  /** Returns the container image, empty for a command on the host or a function. */
  public Optional<String> image() {
    return Optional.ofNullable(values.image);
  }

  /** Returns the Java function, if this is one. */
  public Optional<JobFunction> function() {
    return Optional.ofNullable(values.function);
  }

  /** Returns the variables that a workflow may set, unmodifiable. */
  public List<Variable> variables() {
    return List.copyOf(values.variables.values());
  }

  /** Returns the ports that a workflow may open, unmodifiable. */
  public List<Port> ports() {
    return List.copyOf(values.ports);
  }

  /** Returns what one job needs; default one core. */
  public Resources resources() {
    return values.resources;
  }

  /** Returns when attempts are repeated; default {@link RetryPolicy#NONE}. */
  public RetryPolicy retry() {
    return values.retry;
  }

  /** Returns the limit of one attempt's execution, staging not counted; empty means none. */
  public Optional<Duration> timeout() {
    return Optional.ofNullable(values.timeout);
  }

  /** Returns the exit codes that mean success; default 0. */
  public Set<Integer> successCodes() {
    return Set.copyOf(values.successCodes);
  }

  /**
   * Returns whether a container may use the network; default false. Commands on the host are not
   * confined.
   */
  public boolean network() {
    return values.network;
  }

  /** Returns what {@code $output} stands for; default {@link OutputMode#FOLDER}. */
  public OutputMode outputMode() {
    return values.outputMode;
  }

  /** Returns the folder for inputs inside a container; default {@code /yunpipe/in}. */
  public String inputPath() {
    return values.inputPath;
  }

  /** Returns the folder for outputs inside a container; default {@code /yunpipe/out}. */
  public String outputPath() {
    return values.outputPath;
  }

  /**
   * Returns the executable's path inside the image, checked when the image first runs; may be
   * empty.
   */
  public Optional<String> executablePath() {
    return Optional.ofNullable(values.executablePath);
  }

  /** Returns the machine type asked for on AWS; empty means chosen from the resources. */
  public Optional<String> instanceType() {
    return Optional.ofNullable(values.instanceType);
  }

  /** Returns what is placed in the job's file system, unmodifiable. */
  public List<Staging> staging() {
    return List.copyOf(values.staging);
  }

  /** Returns the staged path that standard input reads; empty means no input. */
  public Optional<String> stdin() {
    return Optional.ofNullable(values.stdin);
  }

  /** Returns the output file that takes standard output instead of the log. */
  public Optional<String> stdout() {
    return Optional.ofNullable(values.stdout);
  }

  /** Returns the output file that takes standard error instead of the log. */
  public Optional<String> stderr() {
    return Optional.ofNullable(values.stderr);
  }

  /**
   * Returns the one file of a zipped job that is kept as its output; present means that the input
   * is a zip, unpacked into the working folder. It is stored as the zip's name plus this file's
   * extension.
   */
  public Optional<String> zippedOutput() {
    return Optional.ofNullable(values.zippedOutput);
  }

  /** Returns the extension under which a zipped job's output is stored, such as {@code .png}. */
  public String zippedExtension() {
    return values.zippedExtension;
  }

  /**
   * Returns the folder against which files named in the command are looked up; default the current
   * one.
   */
  public Path baseFolder() {
    return values.baseFolder;
  }

  @Override
  public String toString() {
    return values.name
        + ": "
        + (values.function != null
            ? "Java function"
            : (values.image == null ? "" : "[" + values.image + "] ")
                + String.join(" ", values.argv));
  }

  /** Describes an algorithm. Setters check their value at once; not thread-safe. */
  public static final class Builder {
    private final String name;
    private List<String> argv = List.of();
    private @Nullable String image;
    private @Nullable JobFunction function;
    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private final Set<Port> ports = new LinkedHashSet<>();
    private Resources resources = Resources.DEFAULT;
    private RetryPolicy retry = RetryPolicy.NONE;
    private @Nullable Duration timeout;
    private Set<Integer> successCodes = Set.of(0);
    private boolean network;
    private OutputMode outputMode = OutputMode.FOLDER;
    private String inputPath = "/yunpipe/in";
    private String outputPath = "/yunpipe/out";
    private @Nullable String executablePath;
    private @Nullable String instanceType;
    private final List<Staging> staging = new ArrayList<>();
    private @Nullable String stdin;
    private @Nullable String stdout;
    private @Nullable String stderr;
    private @Nullable String zippedOutput;
    private String zippedExtension = "";
    private Path baseFolder = Path.of("").toAbsolutePath();

    private Builder(String name) {
      this.name = Names.check("algorithm name", name);
    }

    private Builder(Builder from) {
      name = from.name;
      argv = from.argv;
      image = from.image;
      function = from.function;
      variables.putAll(from.variables);
      ports.addAll(from.ports);
      resources = from.resources;
      retry = from.retry;
      timeout = from.timeout;
      successCodes = from.successCodes;
      network = from.network;
      outputMode = from.outputMode;
      inputPath = from.inputPath;
      outputPath = from.outputPath;
      executablePath = from.executablePath;
      instanceType = from.instanceType;
      staging.addAll(from.staging);
      stdin = from.stdin;
      stdout = from.stdout;
      stderr = from.stderr;
      zippedOutput = from.zippedOutput;
      zippedExtension = from.zippedExtension;
      baseFolder = from.baseFolder;
    }

    /**
     * Sets the command, split as a shell would.
     *
     * @throws IllegalArgumentException if a quote is left open
     */
    public Builder command(String command) {
      return argv(CommandLine.tokenize(command));
    }

    /** Sets the command's tokens. */
    public Builder argv(List<String> tokens) {
      argv = List.copyOf(tokens);
      return this;
    }

    /** Sets the container image, as for {@code docker pull}. */
    public Builder image(String reference) {
      if (reference.isBlank() || reference.chars().anyMatch(Character::isWhitespace)) {
        throw new IllegalArgumentException(
            "image must be a reference such as ubuntu:24.04, but was \"" + reference + "\"");
      }
      image = reference;
      return this;
    }

    /** Sets the Java function. */
    public Builder function(JobFunction code) {
      function = code;
      return this;
    }

    /** Adds a variable that a workflow may set. */
    public Builder addVariable(Variable variable) {
      if (variables.putIfAbsent(variable.name(), variable) != null) {
        throw new IllegalArgumentException(
            "variable " + variable.name() + " is described twice in algorithm " + name);
      }
      return this;
    }

    /** Adds an optional variable with a default. */
    public Builder variable(String variable, String defaultValue) {
      return addVariable(new Variable(variable, false, defaultValue));
    }

    /** Adds a variable that a workflow must set. */
    public Builder requiredVariable(String variable) {
      return addVariable(new Variable(variable, true, null));
    }

    /** Adds a port that a workflow may open. */
    public Builder addPort(Port port) {
      if (!ports.add(port)) {
        throw new IllegalArgumentException(
            "port " + port.number() + "/" + port.protocol() + " is described twice in " + name);
      }
      return this;
    }

    /** Sets what one job needs. */
    public Builder resources(Resources needed) {
      resources = needed;
      return this;
    }

    /** Sets when attempts are repeated. */
    public Builder retry(RetryPolicy policy) {
      retry = policy;
      return this;
    }

    /**
     * Sets the limit of one attempt's execution; staging is not counted.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder timeout(Duration limit) {
      if (limit.isZero() || limit.isNegative()) {
        throw new IllegalArgumentException("timeout must be positive, but was " + limit);
      }
      timeout = limit;
      return this;
    }

    /**
     * Sets the exit codes that mean success.
     *
     * @throws IllegalArgumentException if none is given or one is not 0 to 255
     */
    public Builder successCodes(Set<Integer> codes) {
      if (codes.isEmpty() || codes.stream().anyMatch(code -> code < 0 || code > 255)) {
        throw new IllegalArgumentException(
            "successCodes must be one or more of 0 to 255, but was " + codes);
      }
      successCodes = Set.copyOf(codes);
      return this;
    }

    /** Sets whether a container may use the network. */
    public Builder network(boolean allowed) {
      network = allowed;
      return this;
    }

    /** Sets what {@code $output} stands for. */
    public Builder outputMode(OutputMode mode) {
      outputMode = mode;
      return this;
    }

    /** Sets the folder for inputs inside a container. */
    public Builder inputPath(String folder) {
      inputPath = absolute("inputPath", folder);
      return this;
    }

    /** Sets the folder for outputs inside a container. */
    public Builder outputPath(String folder) {
      outputPath = absolute("outputPath", folder);
      return this;
    }

    /** Sets the executable's path inside the image. */
    public Builder executablePath(String path) {
      executablePath = path;
      return this;
    }

    /** Sets the machine type on AWS. */
    public Builder instanceType(String type) {
      instanceType = type;
      return this;
    }

    /** Adds something to place in the job's file system. */
    public Builder addStaging(Staging entry) {
      staging.add(entry);
      return this;
    }

    /** Lets standard input read a staged path. */
    public Builder stdin(String stagedPath) {
      stdin = stagedPath;
      return this;
    }

    /** Sends standard output to an output file. */
    public Builder stdout(String outputFile) {
      stdout = outputFile;
      return this;
    }

    /** Sends standard error to an output file. */
    public Builder stderr(String outputFile) {
      stderr = outputFile;
      return this;
    }

    /**
     * Makes this the algorithm of zipped jobs: the input is a zip, unpacked into the working
     * folder.
     *
     * @param outputFile the file that is kept, relative to the unpacked folder
     * @param extension appended to the zip's name for the stored output, such as {@code .png}
     */
    public Builder zipped(String outputFile, String extension) {
      zippedOutput = outputFile;
      zippedExtension = extension;
      return this;
    }

    /** Sets the folder against which files named in the command are looked up. */
    public Builder baseFolder(Path folder) {
      baseFolder = folder.toAbsolutePath();
      return this;
    }

    /**
     * Returns the algorithm. Leaves this builder as it was; touches no file and no network.
     *
     * @throws InvalidPipelineException with all problems, if it is neither a command, an image nor
     *     a function, or both a function and one of the others
     */
    public Algorithm build() {
      List<String> problems = new ArrayList<>();
      if (function == null && image == null && argv.isEmpty()) {
        problems.add("nothing to run: set command(…), image(…) or function(…)");
      }
      if (function != null && (image != null || !argv.isEmpty())) {
        problems.add("a Java function cannot have a command or an image as well");
      }
      if (!problems.isEmpty()) {
        throw new InvalidPipelineException("Algorithm '" + name + "'", problems);
      }
      return new Algorithm(new Builder(this));
    }

    private static String absolute(String what, String folder) {
      if (!folder.startsWith("/")) {
        throw new IllegalArgumentException(
            what + " must be an absolute folder in the container, but was \"" + folder + "\"");
      }
      return folder;
    }
  }
}
