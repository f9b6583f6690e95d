package io.yunpipe.aws.template;

import io.yunpipe.Resources;
import java.util.Optional;

/**
 * A size that Fargate has.
 *
 * @param cpuUnits 1024 for a core
 * @param memoryMib memory in MiB
 */
public record FargateSize(int cpuUnits, int memoryMib) {
  /** Cores in units, then least, step and most memory in MiB. */
  private static final int[][] SIZES = {
    {256, 512, 512, 1024},
    {256, 2048, 2048, 2048},
    {512, 1024, 1024, 4096},
    {1024, 2048, 1024, 8192},
    {2048, 4096, 1024, 16_384},
    {4096, 8192, 1024, 30_720},
    {8192, 16_384, 4096, 61_440},
    {16_384, 32_768, 8192, 122_880}
  };

  /** GiB of disk that each task has, and that it may have. */
  static final int DISK = 20;

  static final int MOST_DISK = 200;

  /** Returns the smallest that has at least these cores and memory; empty if none has. */
  public static Optional<FargateSize> of(Resources resources) {
    for (int[] size : SIZES) {
      if (size[0] >= resources.cpus() * 1024 && size[3] >= resources.memoryMib()) {
        long steps = Math.max(0, ceil(resources.memoryMib() - size[1], size[2]));
        return Optional.of(new FargateSize(size[0], (int) (size[1] + steps * size[2])));
      }
    }
    return Optional.empty();
  }

  private static long ceil(long amount, long step) {
    return amount <= 0 ? 0 : (amount + step - 1) / step;
  }

  /** Returns the cores as AWS Batch writes them, such as {@code 0.25}. */
  String cores() {
    return cpuUnits % 1024 == 0
        ? Integer.toString(cpuUnits / 1024)
        : Double.toString(cpuUnits / 1024.0);
  }

  /** Returns the disk in GiB, or 0 if what each task has suffices. */
  static int disk(Resources resources) {
    long gib = ceil(resources.scratchMib(), 1024);
    // The image and the system take from the same disk.
    return gib + 5 <= DISK ? 0 : (int) Math.min(Integer.MAX_VALUE, Math.max(DISK + 1, gib + 5));
  }
}
