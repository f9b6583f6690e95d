package io.yunpipe.internal;

import io.yunpipe.Cost;
import io.yunpipe.internal.Facts.Finished;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.RunNotice;
import io.yunpipe.spi.RunNotice.What;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends runs that passed their deadline or reached their budget, and tells owners of ended runs.
 * Done by the router's tick with the submitting program gone, and by programs that wait for a run.
 */
final class TermsKeeper {
  private static final Logger logger = LoggerFactory.getLogger(TermsKeeper.class);

  private final Site site;

  TermsKeeper(Site site) {
    this.site = site;
  }

  /**
   * Ends the run if it is time.
   *
   * @return whether it was ended
   */
  boolean enforce(RunPlan plan) {
    RunTerms terms = plan.terms();
    if (terms == null) {
      return false;
    }
    if (terms.deadline() > 0 && site.clock().millis() >= terms.deadline()) {
      end(plan, What.DEADLINE, "its deadline passed");
      return true;
    }
    if (terms.budgetUsd() > 0) {
      Cost cost = new Meter(site, plan).cost();
      if (cost.usd() >= terms.budgetUsd()) {
        end(
            plan,
            What.BUDGET,
            "its budget of %.2f USD is reached (%.2f USD, %s)"
                .formatted(terms.budgetUsd(), cost.usd(), cost.prices()));
        return true;
      }
    }
    return false;
  }

  private void end(RunPlan plan, What what, String reason) {
    logger.info("Run cancelled: run={} reason={}", plan.run(), reason);
    site.protocol().cancel(plan, reason, false);
    site.backend().compute().stop(plan.run());
    site.backend()
        .announce(
            new RunNotice(
                plan.pipeline(),
                plan.run(),
                what,
                "Run " + plan.run() + " of " + plan.pipeline() + " was cancelled: " + reason));
  }

  /** Tells the owner, once in a run, that jobs wait and why no worker starts. */
  void announceStuck(RunPlan plan, String problem) {
    if (plan.isAnnounced() && site.store().putIfAbsent(plan.keys().stuck(), Content.of(problem))) {
      site.backend()
          .announce(
              new RunNotice(
                  plan.pipeline(),
                  plan.run(),
                  What.STUCK,
                  "Run %s of %s does not go on: %s Nothing is lost; it goes on once that is put right."
                      .formatted(plan.run(), plan.pipeline(), problem)));
    }
  }

  /** Tells the owner of an ended run; told again if this program ends before it is written down. */
  void announceEnd(RunPlan plan) {
    String key = plan.keys().finished();
    Optional<Finished> finished =
        site.store().read(key).map(json -> Json.read(json, Finished.class, key));
    if (finished.isEmpty()) {
      return; // A generation after it goes on.
    }
    boolean succeeded = finished.get().state().equals("SUCCEEDED");
    Cost cost = new Meter(site, plan).cost();
    String text =
        "Run %s of %s: %s%s%s"
            .formatted(
                plan.run(),
                plan.pipeline(),
                finished.get().state().toLowerCase(java.util.Locale.ROOT),
                finished.get().reason() == null ? "" : " (" + finished.get().reason() + ")",
                cost.prices().isEmpty()
                    ? ""
                    : "\nMetered: %.2f USD by %s".formatted(cost.usd(), cost.prices()));
    site.backend()
        .announce(
            new RunNotice(
                plan.pipeline(), plan.run(), succeeded ? What.FINISHED : What.FAILED, text));
    site.store().delete(Keys.toAnnounce(plan.run()));
  }
}
