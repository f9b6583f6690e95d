package io.yunpipe.local;

import com.sun.management.OperatingSystemMXBean;
import io.yunpipe.config.Durations;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The settings below {@code yunpipe.local}, as reference.conf explains them.
 *
 * @param directory where everything lies
 * @param fsync whether commits survive a power cut
 * @param cpus cores that jobs may take together
 * @param memoryMib memory that jobs may take together
 * @param maxReceives deliveries after which a message is a dead letter
 * @param lease how long a silent worker keeps a job
 * @param containerEngine what runs images
 */
record LocalSettings(
    Path directory,
    boolean fsync,
    double cpus,
    long memoryMib,
    int maxReceives,
    Duration lease,
    String containerEngine) {

  static LocalSettings of(Map<String, String> settings) {
    String directory = settings.getOrDefault("directory", "");
    double cpus = Double.parseDouble(settings.getOrDefault("cpus", "0"));
    long memory = Long.parseLong(settings.getOrDefault("memory-mib", "0"));
    return new LocalSettings(
        directory.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".yunpipe", "local")
            : Path.of(directory).toAbsolutePath(),
        Boolean.parseBoolean(settings.getOrDefault("fsync", "true")),
        cpus > 0 ? cpus : Runtime.getRuntime().availableProcessors(),
        memory > 0 ? memory : machineMemoryMib() * 8 / 10,
        Integer.parseInt(settings.getOrDefault("max-receives", "50")),
        Durations.parse(settings.getOrDefault("lease", "60s")),
        settings.getOrDefault("container-engine", "auto"));
  }

  private static long machineMemoryMib() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
        >> 20;
  }
}
