package io.yunpipe.aws.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.yunpipe.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * List prices of AWS on a date, read from a data file that anyone may replace. Immutable and
 * thread-safe.
 */
public final class PriceTable {
  private static final String RESOURCE = "prices.json";

  private final JsonNode table;

  /**
   * What an hour of a worker costs, in US dollars.
   *
   * @param vcpuHour a core
   * @param gbHour a GiB of memory
   * @param gpuHour a GPU
   */
  public record Rate(double vcpuHour, double gbHour, double gpuHour) {}

  private PriceTable(JsonNode table) {
    this.table = table;
  }

  /** Returns the prices that this library brings. */
  public static PriceTable bundled() {
    try (InputStream in =
        Objects.requireNonNull(PriceTable.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return new PriceTable(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads prices from a file of the same form.
   *
   * @throws ConfigurationException if it cannot be read or lacks something
   */
  public static PriceTable of(Path file) {
    try {
      JsonNode table = new ObjectMapper().readTree(Files.readAllBytes(file));
      List<String> missing =
          List.of("date", "compute", "spotShare", "perMillion", "regions", "otherRegions").stream()
              .filter(key -> !table.has(key))
              .toList();
      if (missing.isEmpty()) {
        return new PriceTable(table);
      }
      throw new ConfigurationException(
          "of prices in " + file, List.of("it lacks " + String.join(", ", missing)));
    } catch (IOException e) {
      throw new ConfigurationException(
          "of prices in " + file, List.of("it cannot be read as JSON: " + e.getMessage()));
    }
  }

  /** Returns where prices come from and their date, for people. */
  public String source(String region) {
    return "AWS list prices of "
        + table.path("date").asText()
        + ", "
        + region
        + (table.path("regions").has(region)
            ? ""
            : " (taken as us-east-1 and "
                + Math.round(table.path("otherRegions").asDouble() * 100 - 100)
                + " %)");
  }

  /**
   * Returns what an hour costs.
   *
   * @param kind {@code fargate} or {@code ec2}
   * @param architecture {@code x86-64} or {@code arm64}
   * @param spot whether it is spare capacity, of which the usual share of the price is taken
   */
  public Rate rate(String kind, String architecture, boolean spot, String region) {
    JsonNode rate = table.path("compute").path(kind).path(architecture);
    double factor = factor(region) * (spot ? table.path("spotShare").path(kind).asDouble(1) : 1);
    return new Rate(
        rate.path("vcpuHour").asDouble() * factor,
        rate.path("gbHour").asDouble() * factor,
        rate.path("gpuHour").asDouble() * factor);
  }

  /** Returns which share of the price spare capacity is taken to cost. */
  public double spotShare(String kind) {
    return table.path("spotShare").path(kind).asDouble(1);
  }

  /**
   * Returns what one request costs.
   *
   * @param what {@code sqs}, {@code s3Put}, {@code s3Get} or {@code lambda}
   */
  public double request(String what, String region) {
    return table.path("perMillion").path(what).asDouble() * factor(region) / 1e6;
  }

  /** Returns what a GiB costs that is stored for a month. */
  public double gbMonth(String region) {
    return table.path("s3GbMonth").asDouble() * factor(region);
  }

  private double factor(String region) {
    return table.path("regions").path(region).asDouble(table.path("otherRegions").asDouble(1));
  }
}
