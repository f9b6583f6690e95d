package io.yunpipe.internal;

import io.yunpipe.YunpipeException;
import io.yunpipe.internal.InboxBatch.Kind;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes runs of files that anyone puts below {@code inbox/<pipeline>/}. It does what a submitter
 * does, shard by shard as the files come; so events may come twice, late, in any order or not at
 * all, and several programs may take them at once. Thread-safe.
 */
final class Inbox {
  private static final Logger logger = LoggerFactory.getLogger(Inbox.class);

  /** Uploads remembered in all batches together, at 20 to 30 bytes each. */
  private static final int REMEMBERED = 2_000_000;

  private static final int BATCHES = 64;

  private final Function<String, Site> sites;
  private final ObjectStore store;
  private final Clock clock;
  private final Deployments deployments;
  private final SubmitDocuments documents;
  private final Map<InboxBatch, Intake> intakes = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Creates it.
   *
   * @param sites where a pipeline's runs are, by its name; all in one store
   */
  Inbox(Function<String, Site> sites, ObjectStore store, Clock clock) {
    this.sites = sites;
    this.store = store;
    this.clock = clock;
    this.deployments = new Deployments(store, clock);
    this.documents = new SubmitDocuments(deployments);
  }

  /**
   * Takes uploads: writes them down as inputs of their batches' runs and sends their jobs. Those
   * that no pipeline waits for are left out, as a bucket may hold other things as well.
   *
   * @return those that could not be taken now, such as when the store does not answer; they must be
   *     offered again
   */
  synchronized List<Upload> accept(List<Upload> uploads) {
    List<Upload> refused = new ArrayList<>();
    Map<InboxBatch, List<Upload>> batches = new LinkedHashMap<>();
    for (Upload upload : uploads) {
      try {
        batch(upload)
            .ifPresent(
                batch -> batches.computeIfAbsent(batch, any -> new ArrayList<>()).add(upload));
      } catch (YunpipeException e) {
        logger.warn("Not taken yet: upload={}: {}", Quoted.of(upload.key()), e.getMessage());
        refused.add(upload);
      }
    }
    batches.forEach(
        (batch, its) -> {
          try {
            if (batch.kind() == Kind.DOCUMENT) {
              documents.take(batch, sites.apply(batch.pipeline()));
            } else {
              intake(batch).take(its);
            }
          } catch (YunpipeException e) {
            logger.warn("Not taken yet: uploads={} {}: {}", its.size(), batch, e.getMessage());
            refused.addAll(its);
          } catch (RuntimeException e) {
            // One batch that this program cannot read must not keep it from all others.
            logger.error("Not taken yet: uploads={} {}", its.size(), batch, e);
            intakes.remove(batch);
            refused.addAll(its);
          }
        });
    return refused;
  }

  /** Returns an upload's batch, or empty if it is none of ours. */
  private Optional<InboxBatch> batch(Upload upload) {
    String key = upload.key();
    Optional<String> pipeline =
        InboxBatch.pipeline(key).filter(name -> deployments.get(name).isPresent());
    if (pipeline.isEmpty()) {
      logger.info("Left out {}: it is in no deployed pipeline's inbox", Quoted.of(key));
      return Optional.empty();
    }
    if (InboxBatch.showsFolder(key, upload.size())) {
      return Optional.empty();
    }
    if (InboxBatch.waits(pipeline.get(), key)) {
      return Optional.empty();
    }
    boolean looked = InboxBatch.direct(pipeline.get(), key) || SubmitDocument.is(key);
    if (!looked || InboxBatch.problem(pipeline.get(), key).isPresent()) {
      return Optional.of(InboxBatch.of(pipeline.get(), upload));
    }
    // The day must be the same whoever tells of the file, so it is the object's, not the event's.
    Optional<Upload> stored = store.head(key).map(Upload::of);
    if (stored.filter(there -> !upload.sameVersion(there)).isPresent()) {
      logger.info("Left out a version of {}: it was replaced meanwhile", Quoted.of(key));
      return Optional.empty();
    }
    return Optional.of(InboxBatch.of(pipeline.get(), stored.orElse(upload)));
  }

  private Intake intake(InboxBatch batch) {
    Intake known = intakes.get(batch);
    if (known != null) {
      return known;
    }
    Site site = sites.apply(batch.pipeline());
    Intake intake = new Intake(batch, new InboxChain(batch, site), site, deployments);
    intakes.put(batch, intake);
    long remembered = intakes.values().stream().mapToLong(Intake::size).sum();
    Iterator<Intake> eldest = intakes.values().iterator();
    while (intakes.size() > 1 && (intakes.size() > BATCHES || remembered > REMEMBERED)) {
      remembered -= eldest.next().size();
      eldest.remove();
    }
    return intake;
  }

  /**
   * Ends an open run of uploads if none came for a while, or completes an end that was begun. Does
   * nothing to other runs. May be done by several programs at once.
   */
  synchronized void sealIfQuiet(RunPlan plan) {
    Optional<InboxBatch> batch = batch(plan);
    if (batch.isEmpty() || store.head(plan.keys().seal()).isPresent()) {
      return;
    }
    ObjectInfo newest = Manifest.newest(store, plan);
    if (newest != null && Manifest.head(store, newest.key()).orElseThrow().end()) {
      Site site = sites.apply(plan.pipeline());
      new Shards(plan, site).seal();
      return;
    }
    Instant since = newest == null ? Instant.ofEpochMilli(plan.created()) : newest.modified();
    Duration quiet =
        deployments.get(plan.pipeline()).map(Deployment::quiet).orElse(Deployment.QUIET);
    if (!since.plus(quiet).isAfter(clock.instant())) {
      if (batch.get().kind() == Kind.DOCUMENT) {
        documents.take(batch.get(), sites.apply(plan.pipeline()));
      } else {
        intake(batch.get()).sealQuiet(plan);
      }
    }
  }

  private Optional<InboxBatch> batch(RunPlan plan) {
    String key = plan.keys().submitter();
    return store
        .read(key)
        .map(json -> Json.read(json, Submitter.class, key).inbox())
        .map(InboxBatch::parse);
  }
}
