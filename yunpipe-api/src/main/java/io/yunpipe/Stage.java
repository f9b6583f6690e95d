package io.yunpipe;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * An algorithm's place in a workflow. Immutable and thread-safe.
 *
 * <p>Without {@code after} a stage takes the run's inputs. With it, each result of the stage before
 * makes one job, unless one of scatter, gather or join says otherwise.
 */
public final class Stage {
  /** How jobs come from what is before. */
  public enum Kind {
    /** One job per input, or per result of the stage before. */
    EACH,
    /** One job per output file of each result before. */
    SCATTER,
    /** One job for all results before. */
    GATHER,
    /** One job per input, when all the stages before have done it. */
    JOIN
  }

  private final Builder values;

  private Stage(Builder values) {
    this.values = values;
  }

  /** Starts a stage named like its algorithm. */
  public static Builder builder(Algorithm algorithm) {
    return new Builder(algorithm.name(), algorithm);
  }

  /** Starts a stage. */
  public static Builder builder(String name, Algorithm algorithm) {
    return new Builder(name, algorithm);
  }

  /** Returns the name, unique in the workflow. */
  public String name() {
    return values.name;
  }

  /** Returns the algorithm. */
  public Algorithm algorithm() {
    return values.algorithm;
  }

  /** Returns the names of the stages before; empty means the run's inputs. Unmodifiable. */
  public List<String> after() {
    return List.copyOf(values.after);
  }

  /** Returns how jobs come from what is before. */
  public Kind kind() {
    return values.kind;
  }

  /** Returns the glob that chooses which outputs of the stage before are taken; default all. */
  public String select() {
    return values.select;
  }

  /** Returns what a gather does about failures; default {@code tolerate(0)}. */
  public FailurePolicy failurePolicy() {
    return values.failurePolicy;
  }

  /** Returns the values set for the algorithm's variables, unmodifiable. */
  public Map<String, String> variables() {
    return Map.copyOf(values.variables);
  }

  /** Returns the ports opened, unmodifiable. */
  public Set<Port> ports() {
    return Set.copyOf(values.ports);
  }

  /** Returns the parameter matrix: each combination of values makes a job of its own. In order. */
  public Map<String, List<String>> matrix() {
    return new LinkedHashMap<>(values.matrix);
  }

  /**
   * Returns the pattern whose first group is the key by which inputs are grouped; empty means not.
   */
  public Optional<Pattern> groupBy() {
    return Optional.ofNullable(values.groupBy);
  }

  /** Returns how many inputs make a group; 0 means: known when all inputs are. */
  public int groupSize() {
    return values.groupSize;
  }

  /** Returns what one job needs: the stage's own, or the algorithm's. */
  public Resources resources() {
    return values.resources == null ? values.algorithm.resources() : values.resources;
  }

  /** Returns the machine type on AWS: the stage's own, or the algorithm's. */
  public Optional<String> instanceType() {
    return values.instanceType == null
        ? values.algorithm.instanceType()
        : Optional.of(values.instanceType);
  }

  /** Returns whether results are shown and downloaded; empty means: if no stage comes after. */
  public Optional<Boolean> keep() {
    return Optional.ofNullable(values.keep);
  }

  @Override
  public String toString() {
    return values.name + " " + values.kind + " after " + values.after;
  }

  /** Describes a stage. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final Algorithm algorithm;
    private final Set<String> after = new LinkedHashSet<>();
    private Kind kind = Kind.EACH;
    private String select = "**";
    private FailurePolicy failurePolicy = FailurePolicy.tolerate(0);
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Set<Port> ports = new LinkedHashSet<>();
    private final Map<String, List<String>> matrix = new LinkedHashMap<>();
    private @Nullable Pattern groupBy;
    private int groupSize;
    private @Nullable Resources resources;
    private @Nullable String instanceType;
    private @Nullable Boolean keep;

    private Builder(String name, Algorithm algorithm) {
      this.name = Names.check("stage name", name);
      this.algorithm = algorithm;
    }

    private Builder(Builder from) {
      this(from.name, from.algorithm);
      after.addAll(from.after);
      kind = from.kind;
      select = from.select;
      failurePolicy = from.failurePolicy;
      variables.putAll(from.variables);
      ports.addAll(from.ports);
      matrix.putAll(from.matrix);
      groupBy = from.groupBy;
      groupSize = from.groupSize;
      resources = from.resources;
      instanceType = from.instanceType;
      keep = from.keep;
    }

    /** Puts this stage after another. */
    public Builder after(String stage) {
      after.add(stage);
      return this;
    }

    /** Makes one job per output file of each result before. */
    public Builder scatter() {
      kind = Kind.SCATTER;
      return this;
    }

    /** Makes one job for all results of the stages before, or of all inputs when there is none. */
    public Builder gather(FailurePolicy policy) {
      kind = Kind.GATHER;
      failurePolicy = policy;
      return this;
    }

    /** Makes one job for all results before; any failure before it fails it. */
    public Builder gather() {
      return gather(FailurePolicy.tolerate(0));
    }

    /** Makes one job per input when all stages before have done it. */
    public Builder join() {
      kind = Kind.JOIN;
      return this;
    }

    /** Takes only outputs before whose path matches a glob, such as {@code *.csv}. */
    public Builder select(String glob) {
      select = glob;
      return this;
    }

    /** Sets a variable of the algorithm. */
    public Builder putVariable(String variable, String value) {
      variables.put(variable, value);
      return this;
    }

    /** Opens a port of the algorithm. */
    public Builder addPort(Port port) {
      ports.add(port);
      return this;
    }

    /**
     * Adds a variable to the parameter matrix.
     *
     * @throws IllegalArgumentException if there is no value, or one twice
     */
    public Builder matrix(String variable, List<String> valuesToTry) {
      if (valuesToTry.isEmpty()
          || Set.copyOf(new LinkedHashSet<>(valuesToTry)).size() != valuesToTry.size()) {
        throw new IllegalArgumentException(
            "matrix of " + variable + " must have values, each once, but was " + valuesToTry);
      }
      matrix.put(variable, List.copyOf(valuesToTry));
      return this;
    }

    /**
     * Groups the run's inputs: names whose first group of the pattern is equal make one job.
     *
     * @param regex with one group, such as {@code (.*)_R[12]\.fastq}; must match the whole name
     * @param size inputs in a group, at least 2; 0: a group is complete when all inputs are known
     * @throws IllegalArgumentException if the pattern is invalid or has no group
     */
    public Builder groupBy(String regex, int size) {
      try {
        groupBy = Pattern.compile(regex);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "groupBy is not a regular expression: " + e.getMessage(), e);
      }
      if (groupBy.matcher("").groupCount() < 1 || size < 0 || size == 1) {
        throw new IllegalArgumentException(
            "groupBy needs one (group) in its pattern and a size of 0 or at least 2, but was "
                + regex
                + " and "
                + size);
      }
      groupSize = size;
      return this;
    }

    /** Overrides the algorithm's resources. */
    public Builder resources(Resources needed) {
      resources = needed;
      return this;
    }

    /** Overrides the algorithm's machine type. */
    public Builder instanceType(String type) {
      instanceType = type;
      return this;
    }

    /** Sets whether results are shown and downloaded. */
    public Builder keep(boolean kept) {
      keep = kept;
      return this;
    }

    /** Returns the stage; the workflow checks it against its neighbours. */
    public Stage build() {
      return new Stage(new Builder(this));
    }
  }
}
