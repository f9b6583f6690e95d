package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.Cost;
import io.yunpipe.Plan.PlannedStage;
import io.yunpipe.spi.Prices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a submission would cost: jobs take as long as those of the runs before. */
final class Estimate {
  /** Where no run of the pipeline tells. */
  private static final double USUAL_SECONDS = 60;

  /** How many runs are looked at for one that tells. */
  private static final int RUNS = 3;

  private final Site site;
  private final String pipeline;

  Estimate(Site site, String pipeline) {
    this.site = site;
    this.pipeline = pipeline;
  }

  Cost of(List<PlannedStage> stages, long inputs, long bytes) {
    return site.backend()
        .prices()
        .map(prices -> of(prices, stages, inputs, bytes))
        .orElse(Cost.FREE);
  }

  private Cost of(Prices prices, List<PlannedStage> stages, long inputs, long bytes) {
    List<String> assumptions = new ArrayList<>();
    Map<String, Double> known = earlier(assumptions);
    List<Prices.Use> uses = new ArrayList<>();
    for (PlannedStage stage : stages) {
      long jobs = stage.jobs() < 0 ? inputs : stage.jobs();
      if (stage.jobs() < 0) {
        assumptions.add(
            stage.stage() + ": a job for each input; how many there are depends on results");
      }
      double seconds = known.getOrDefault(stage.stage(), USUAL_SECONDS);
      assumptions.add(
          known.containsKey(stage.stage())
              ? "%s: %.1f s a job, as in earlier runs".formatted(stage.stage(), seconds)
              : "%s: %.0f s a job; no earlier run tells".formatted(stage.stage(), seconds));
      uses.add(new Prices.Use(stage.stage(), stage.resources(), jobs, jobs * seconds));
    }
    Cost cost = prices.of(uses, bytes);
    assumptions.addAll(cost.assumptions());
    return new Cost(cost.usd(), cost.prices(), cost.items(), assumptions);
  }

  /** An estimate is wanted most before anything is set up, perhaps without any rights. */
  private Map<String, Double> earlier(List<String> assumptions) {
    try {
      return site.backend().hasStore() ? secondsPerJob() : Map.of();
    } catch (BackendException e) {
      assumptions.add("earlier runs could not be read: " + e.getMessage());
      return Map.of();
    }
  }

  private Map<String, Double> secondsPerJob() {
    Map<String, Double> seconds = new HashMap<>();
    for (String run : RunIndex.newest(site.store(), pipeline, RUNS)) {
      site.plans()
          .newest(run)
          .ifPresent(
              plan -> {
                for (Prices.Use use : new Meter(site, plan).uses()) {
                  if (use.jobs() > 0) {
                    seconds.putIfAbsent(use.stage(), use.seconds() / use.jobs());
                  }
                }
              });
    }
    return seconds;
  }
}
