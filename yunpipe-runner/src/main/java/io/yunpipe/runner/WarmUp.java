package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.internal.JobMessage;
import io.yunpipe.internal.JobSpec;
import io.yunpipe.internal.Json;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads what a worker loads, so that Java can write an archive of it at its end. Where the settings
 * name a stage, that is a worker's whole life on its queue; otherwise one job in memory, which
 * leaves out the backend.
 */
final class WarmUp {
  private static final String STAGE = "warm-up";

  private WarmUp() {}

  static int run(Map<String, String> environment)
      throws WorkerSettings.Invalid, IOException, InterruptedException {
    Map<String, String> variables = new HashMap<>(environment);
    variables.putIfAbsent("YUNPIPE_IDLE", "0s");
    if (variables.containsKey("YUNPIPE_STAGE")) {
      return new WorkerProcess(WorkerSettings.of(variables)).run();
    }
    variables.putIfAbsent("YUNPIPE_PIPELINE", STAGE);
    variables.put("YUNPIPE_STAGE", STAGE);
    WorkerSettings settings = WorkerSettings.of(variables);
    inMemory(settings);
    return 0;
  }

  private static void inMemory(WorkerSettings settings) throws IOException, InterruptedException {
    RunPlan plan = plan();
    OwnQueue queue = new OwnQueue();
    queue.send(List.of(Json.text(message(plan))), Duration.ZERO);
    Path scratch = Files.createTempDirectory("yunpipe-warm-up-");
    try (ObjectStore store = new MapStore()) {
      store.putIfAbsent(plan.keys().plan(), Content.of(Json.bytes(plan)));
      JobExecutor executor =
          new DefaultJobExecutor(store, Map.of(), ExecutorSettings.DEFAULT, HostSettings.PLAIN);
      Workplace place =
          Workplace.over(
              store, stage -> queue, executor, settings.lease(), scratch, Clock.systemUTC());
      WorkerLife life =
          new WorkerLife(place, STAGE, Duration.ofSeconds(10), Duration.ZERO, 1, queue::isEmpty);
      int jobs = life.run();
      executor.close();
      place.leases().close();
      if (life.failure() != null || jobs == 0) {
        throw new BackendException("The job to warm up with did not run", life.failure());
      }
    } finally {
      FileTrees.delete(scratch);
    }
  }

  private static RunPlan plan() {
    return Json.read(
        """
        {"v": 1, "run": "warm-up", "generation": 1, "pipeline": "warm-up", "created": 0,
         "stages": [{"name": "warm-up", "kind": "EACH", "select": "**", "after": [], "keep": true,
                     "algorithm": {"name": "warm-up", "argv": ["cp", "$input", "$output"],
                                   "timeoutMillis": 60000,
                                   "resources": {"cpus": 1, "memoryMib": 0, "gpus": 0},
                                   "retry": {"attempts": 1, "backoff": "PT1S",
                                             "maxBackoff": "PT1S", "memoryFactor": 1}}}]}
        """,
        RunPlan.class,
        "the plan to warm up with");
  }

  private static JobMessage message(RunPlan plan) {
    JobSpec job =
        Json.read(
            """
            {"id": "job", "lineage": "job", "name": "in",
             "in": [{"name": "in", "size": 4, "sha256": "", "inline": "d2FybQ=="}]}
            """,
            JobSpec.class,
            "the job to warm up with");
    return new JobMessage(JobMessage.VERSION, plan.run(), 1, STAGE, "000000", List.of(job));
  }
}
