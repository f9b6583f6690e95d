package io.yunpipe.aws.template;

import io.yunpipe.Resources;
import io.yunpipe.aws.template.ComputeSpec.Architecture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Machine types of EC2 that are chosen from where none is named. */
public final class InstanceTypes {
  /** What the system and its agents take of a machine's memory, in MiB. */
  private static final int SYSTEM_MIB = 512;

  /** Sizes of one family that are offered: with more, Batch packs better and finds capacity. */
  private static final int SIZES_PER_FAMILY = 3;

  /** How many times the smallest machine's cores and GPUs others may have. */
  private static final int MOST_TIMES = 4;

  private static final List<Type> ALL = read();

  private InstanceTypes() {}

  /**
   * A machine type.
   *
   * @param name such as {@code c7g.large}
   * @param vcpus its cores
   * @param memoryMib its memory in MiB
   * @param gpus its GPUs
   * @param architecture its processors
   */
  public record Type(String name, int vcpus, long memoryMib, int gpus, Architecture architecture) {
    private String family() {
      return name.substring(0, name.indexOf('.'));
    }

    private boolean comparable(Type smallest) {
      return vcpus <= MOST_TIMES * smallest.vcpus && gpus <= MOST_TIMES * smallest.gpus;
    }

    private boolean fits(Resources needs) {
      return vcpus >= needs.cpus()
          && memoryMib >= needs.memoryMib() + SYSTEM_MIB
          && gpus >= needs.gpus()
          // A GPU costs more than all else; jobs without one do not get one.
          && (needs.gpus() > 0 || gpus == 0);
    }
  }

  /** Returns the type of a name, if the list has it. */
  public static Optional<Type> find(String name) {
    return ALL.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  /**
   * Returns the smallest machines that can run such a job, smallest first; none if none can. What
   * is many times as large as the smallest is not offered: when only it is to be had, waiting is
   * cheaper. Who wants it names it.
   */
  public static List<Type> choose(Resources needs, Architecture architecture) {
    Map<String, Integer> perFamily = new LinkedHashMap<>();
    List<Type> fitting =
        ALL.stream()
            .filter(type -> type.architecture() == architecture && type.fits(needs))
            .sorted(
                Comparator.comparingInt(Type::gpus)
                    .thenComparingInt(Type::vcpus)
                    .thenComparingLong(Type::memoryMib)
                    .thenComparing(Type::name))
            .toList();
    return fitting.stream()
        .filter(type -> type.comparable(fitting.get(0)))
        .filter(type -> perFamily.merge(type.family(), 1, Integer::sum) <= SIZES_PER_FAMILY)
        .toList();
  }

  private static List<Type> read() {
    try (InputStream in =
            Objects.requireNonNull(
                InstanceTypes.class.getResourceAsStream("instance-types.csv"), "instance types");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .map(InstanceTypes::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read instance-types.csv", e);
    }
  }

  private static Type parse(String line) {
    List<String> cells = List.of(line.split(",", -1));
    return new Type(
        cells.get(0),
        Integer.parseInt(cells.get(1)),
        Long.parseLong(cells.get(2)),
        Integer.parseInt(cells.get(3)),
        Architecture.valueOf(cells.get(4).toUpperCase(Locale.ROOT)));
  }
}
