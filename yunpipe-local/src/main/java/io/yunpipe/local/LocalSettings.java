package io.yunpipe.local;

import io.yunpipe.config.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The settings below {@code yunpipe.local}, as reference.conf explains them.
 *
 * @param directory where everything lies
 * @param fsync whether commits survive a power cut
 * @param cpus cores that jobs may take together; 0: all
 * @param memoryMib memory that jobs may take together; 0: 80 % of the machine's
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
    return new LocalSettings(
        directory.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".yunpipe", "local")
            : Path.of(directory).toAbsolutePath(),
        Boolean.parseBoolean(settings.getOrDefault("fsync", "true")),
        Double.parseDouble(settings.getOrDefault("cpus", "0")),
        Long.parseLong(settings.getOrDefault("memory-mib", "0")),
        Integer.parseInt(settings.getOrDefault("max-receives", "50")),
        Durations.parse(settings.getOrDefault("lease", "60s")),
        settings.getOrDefault("container-engine", "auto"));
  }
}
