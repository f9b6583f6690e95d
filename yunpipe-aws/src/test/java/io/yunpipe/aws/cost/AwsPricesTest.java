package io.yunpipe.aws.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yunpipe.ConfigurationException;
import io.yunpipe.Cost;
import io.yunpipe.Resources;
import io.yunpipe.spi.Prices.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwsPricesTest {
  private static final Resources TWO_CORES = Resources.of(2, 8192);

  @TempDir private Path folder;

  @Test
  void work_ofAThousandHoursOnFargate_costsWhatTheTableSays() {
    Cost cost = prices("FARGATE", "us-east-1", 100).of(List.of(use(3_600_000)), 0);
    // 1000 hours and 100 workers of 90 s more.
    double hours = 1000 + 100 * 90 / 3600.0;
    assertThat(item(cost, "edges: vCPU").usd()).isCloseTo(hours * 2 * 0.04048, within(1e-6));
    assertThat(item(cost, "edges: memory").usd()).isCloseTo(hours * 8 * 0.004445, within(1e-6));
    assertThat(cost.usd())
        .isCloseTo(cost.items().stream().mapToDouble(Cost.Item::usd).sum(), within(1e-9));
    assertThat(cost.prices()).isEqualTo("AWS list prices of 2026-03-31, us-east-1");
  }

  @Test
  void spareCapacityAndOtherRegions_changeThePriceAndSaySo() {
    double usual = prices("FARGATE", "us-east-1", 100).of(List.of(use(3_600_000)), 0).usd();
    Cost spot = prices("FARGATE_SPOT", "us-east-1", 100).of(List.of(use(3_600_000)), 0);
    assertThat(spot.usd()).isLessThan(usual * 0.4);
    assertThat(spot.assumptions().toString()).contains("spare capacity at 30 %");

    Cost far = prices("FARGATE", "sa-east-1", 100).of(List.of(use(3_600_000)), 0);
    assertThat(far.usd()).isCloseTo(usual * 1.25, within(1e-6));
    assertThat(far.prices()).contains("taken as us-east-1 and 25 %");
  }

  @Test
  void aSingleShortJob_isPaidForAWorkersStart() {
    Cost cost = prices("FARGATE", "us-east-1", 100).of(List.of(new Use("e", TWO_CORES, 1, 1)), 0);
    assertThat(item(cost, "e: vCPU").quantity()).isCloseTo(2 * 91 / 3600.0, within(1e-9));
  }

  @Test
  void gpus_arePaidOnMachines() {
    Use use = new Use("train", new Resources(4, 16384, 0, 1), 10, 36_000);
    Cost cost = prices("EC2", "us-east-1", 1).of(List.of(use), 0);
    assertThat(item(cost, "train: GPU").usd()).isGreaterThan(7.9);
  }

  @Test
  void ownMachines_costOnlyRequests() {
    Cost cost =
        new AwsPrices(PriceTable.bundled(), "us-east-1", null).of(List.of(use(3_600_000)), 0);
    assertThat(cost.items()).noneMatch(item -> item.what().contains("vCPU"));
    assertThat(cost.assumptions()).anyMatch(text -> text.contains("your own machines"));
  }

  @Test
  void fileOfPrices_thatLacksSomething_isRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("p.json"), "{\"date\": \"2026-01-01\"}");
    assertThatThrownBy(() -> PriceTable.of(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("it lacks compute, spotShare");
  }

  private static Use use(double seconds) {
    return new Use("edges", TWO_CORES, 1_000_000, seconds);
  }

  private static AwsPrices prices(String capacity, String region, int workers) {
    return new AwsPrices(
        PriceTable.bundled(), region, AwsPrices.hardware(capacity, false, "X86_64", workers));
  }

  private static Cost.Item item(Cost cost, String what) {
    return cost.items().stream().filter(item -> item.what().equals(what)).findFirst().orElseThrow();
  }
}
