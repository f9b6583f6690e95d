package io.yunpipe.internal;

import io.yunpipe.CleanUp;
import io.yunpipe.Cost;
import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import io.yunpipe.Pipeline;
import io.yunpipe.PipelineDefinition;
import io.yunpipe.Plan;
import io.yunpipe.Run;
import io.yunpipe.RunOptions;
import io.yunpipe.RunStatus;
import io.yunpipe.SetUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.Stage;
import io.yunpipe.StoredObject;
import io.yunpipe.Workflow;
import io.yunpipe.ZipUpload;
import io.yunpipe.internal.source.Sources;
import io.yunpipe.spi.Content;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pipeline over an open backend. */
final class DefaultPipeline implements Pipeline {
  private static final Logger logger = LoggerFactory.getLogger(DefaultPipeline.class);

  private final @Nullable PipelineDefinition definition;
  private final String name;
  private final Site site;
  private boolean initialized;

  /**
   * Creates it.
   *
   * @param definition null if only runs that are there are looked at
   */
  DefaultPipeline(String name, @Nullable PipelineDefinition definition, Site site) {
    this.name = name;
    this.definition = definition;
    this.site = site;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Workflow workflow() {
    return definition().workflow();
  }

  private PipelineDefinition definition() {
    if (definition == null) {
      throw new IllegalStateException(
          "Pipeline "
              + name
              + " was opened by one of its runs, so its definition is not known here;"
              + " open it with Pipeline.builder() or Pipeline.load(file)");
    }
    return definition;
  }

  @Override
  public synchronized void init(SetUpListener listener) {
    if (site.backend().init(listener)) {
      deploy();
      initialized = true;
    }
  }

  private void deploy() {
    if (definition != null && site.backend().takesUploads()) {
      RunPlan plan = plan((RunPlan.SourceSpec) null, RunOptions.DEFAULT);
      Deployment.of(plan, Deployment.QUIET).write(site.store());
    }
  }

  private synchronized void ready() {
    if (!initialized) {
      if (site.backend().ready()) {
        deploy();
      }
      initialized = true;
    }
  }

  @Override
  public SetUp preview() {
    return site.backend().preview();
  }

  @Override
  public void park(SetUpListener listener) {
    site.backend().park(listener);
    initialized = false;
  }

  @Override
  public Run submit(Path first, Path... more) {
    return submit(detect(first, more));
  }

  private static Inputs detect(Path first, Path... more) {
    List<Path> paths = new ArrayList<>();
    paths.add(first);
    Collections.addAll(paths, more);
    return Sources.detect(paths);
  }

  @Override
  public Run submit(Inputs inputs, RunOptions options) {
    Started started = start(inputs, options);
    try (Offers offers = started.offers()) {
      take(started.plan(), offers);
    }
    return run(started.plan());
  }

  @Override
  public Run submitAsync(Inputs inputs, RunOptions options) {
    Started started = start(inputs, options);
    inBackground(
        "submit-" + started.plan().run(),
        () -> {
          try (Offers offers = started.offers()) {
            takeAsTheyCome(inputs, started.plan(), offers);
          }
        });
    return run(started.plan());
  }

  /** What the user's iterator gives goes on while the iterator makes one wait for more. */
  private void takeAsTheyCome(Inputs inputs, RunPlan plan, Offers offers) {
    if (inputs instanceof Inputs.Items) {
      try (ReadAhead ahead = new ReadAhead(offers, "yunpipe-read-" + plan.run())) {
        take(plan, ahead);
      }
    } else {
      take(plan, offers);
    }
  }

  private static void inBackground(String name, Runnable task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (RuntimeException e) {
                logger.warn("Submission stopped: {}", e.getMessage());
              }
            },
            "yunpipe-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** A run whose plan is written, and its inputs, of which there is at least one. */
  private record Started(RunPlan plan, Offers offers) {}

  private Started start(Inputs inputs, RunOptions options) {
    ready();
    checkOptions(inputs, options);
    RunPlan plan = plan(Offers.source(inputs), options);
    Offers offers = new Offers(inputs, plan, site.store());
    try {
      if (!offers.hasNext()) {
        throw new InvalidInputException("Nothing was submitted: there is no input.");
      }
      plan.stages().forEach(stage -> site.ensureWorkers(stage, 0));
      write(plan);
      return new Started(plan, offers);
    } catch (RuntimeException e) {
      offers.close();
      throw e;
    }
  }

  private void checkOptions(Inputs inputs, RunOptions options) {
    List<String> stages = definition().workflow().stages().stream().map(Stage::name).toList();
    for (String stage : options.instanceTypes().keySet()) {
      if (!stages.contains(stage)) {
        throw new InvalidInputException(
            "Nothing was submitted: a machine type is asked for stage '"
                + stage
                + "', which is not one of "
                + String.join(", ", stages));
      }
    }
    // What an iterator gives can be had once only; the budget is then watched, but not foreseen.
    if (options.budgetUsd() > 0 && Offers.source(inputs) != null) {
      Cost estimate = plan(inputs).estimate();
      if (estimate.usd() > options.budgetUsd()) {
        throw new InvalidInputException(
            "Nothing was submitted: the run is estimated at %.2f USD, and its budget is %.2f USD. %s"
                .formatted(
                    estimate.usd(),
                    options.budgetUsd(),
                    "Submit fewer inputs or raise the budget; yunpipe plan shows the estimate."));
      }
    }
  }

  private RunPlan plan(RunPlan.@Nullable SourceSpec source, RunOptions options) {
    List<StagePlan> stages = Planner.stages(definition(), options.instanceTypes(), site.store());
    Optional<Stage> grouping =
        definition().workflow().stages().stream()
            .filter(stage -> stage.groupBy().isPresent())
            .findFirst();
    return new RunPlan(
        JobMessage.VERSION,
        Ids.newRun(site.clock().instant()),
        1,
        name,
        site.clock().millis(),
        stages,
        grouping.flatMap(Stage::groupBy).map(Object::toString).orElse(null),
        grouping.map(Stage::groupSize).orElse(0),
        source,
        RunTerms.of(options, site.backend().announces(), site.clock().instant()));
  }

  private void write(RunPlan plan) {
    site.store().put(plan.keys().submitter(), Content.of(Json.bytes(Submitter.current())));
    site.store().putIfAbsent(Keys.open(plan.run()), Content.of("{}"));
    site.store().putIfAbsent(Keys.index(name, plan.run()), Content.of("{}"));
    site.store().putIfAbsent(plan.keys().plan(), Content.of(Json.bytes(plan)));
  }

  private void take(RunPlan plan, Iterator<Submission.Offer> offers) {
    try {
      new Submission(plan, site).run(offers);
    } catch (RuntimeException e) {
      site.protocol().cancel(plan, "the submission failed: " + e.getMessage(), false);
      throw e;
    }
  }

  private DefaultRun run(RunPlan plan) {
    return new DefaultRun(site, plan, () -> resume(plan));
  }

  /** Goes on with a submission whose program is gone. */
  private void resume(RunPlan plan) {
    RunPlan.SourceSpec source = plan.source();
    if (source == null) {
      return;
    }
    inBackground(
        "resume-" + plan.run(),
        () -> {
          site.store().put(plan.keys().submitter(), Content.of(Json.bytes(Submitter.current())));
          try (Offers offers = new Offers(Offers.inputs(source), plan, site.store())) {
            new Submission(plan, site).run(offers);
          } catch (InvalidInputException e) {
            site.protocol()
                .cancel(plan, "the submission could not be continued: " + e.getMessage(), false);
          }
        });
  }

  @Override
  public Plan plan(Inputs inputs) {
    return new DryRun(definition(), site).of(inputs);
  }

  @Override
  public Plan plan(Path first, Path... more) {
    return plan(detect(first, more));
  }

  @Override
  public Run attach(String runId) {
    return site.plans()
        .newest(runId)
        .map(this::run)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "There is no run '"
                        + runId
                        + "' here. Runs of pipeline "
                        + name
                        + ": "
                        + known()));
  }

  private String known() {
    List<String> ids = RunIndex.newest(site.store(), name, 5);
    return ids.isEmpty() ? "none" : String.join(", ", ids);
  }

  @Override
  public List<RunStatus> runs() {
    return RunIndex.statuses(site, name);
  }

  @Override
  public ZipUpload uploadZip(Path folder) {
    Path file = folder.toAbsolutePath().normalize().getFileName();
    return uploadZip(folder, (file == null ? "root" : file) + ".zip", false);
  }

  @Override
  public ZipUpload uploadZip(Path zip, String zipName, boolean removeLocal) {
    ready();
    ZippedJobs.Stored stored = zippedJobs().store(zip, zipName);
    RunPlan plan =
        plan(new RunPlan.SourceSpec("prefix", List.of(stored.file().key())), RunOptions.DEFAULT);
    write(plan);
    Submission.Offer offer =
        new Submission.Offer(
            zipName, List.of(new Submission.Part(zipName, null, stored.file().ref())));
    take(plan, List.of(offer).iterator());
    ZippedJobs.removeIfZip(zip, removeLocal);
    return new ZipUpload(run(plan), stored.file().sha256(), stored.there(), stored.file().size());
  }

  private ZippedJobs zippedJobs() {
    return new ZippedJobs(site, name, definition);
  }

  @Override
  public List<StoredObject> list() {
    return zippedJobs().list();
  }

  @Override
  public Path downloadOutput(Path folder, String zipName) {
    return zippedJobs().download(folder, zipName, this::runs, this::attach);
  }

  @Override
  public CleanUp cleanUp(CleanUp.Mode mode, SetUpListener listener) {
    site.backend().compute().close();
    return new Cleaner(site, name).clean(mode, listener);
  }

  @Override
  public void close() {
    site.backend().close();
  }

  @Override
  public String toString() {
    return "pipeline " + name;
  }
}
