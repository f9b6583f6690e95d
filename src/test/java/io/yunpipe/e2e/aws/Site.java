package io.yunpipe.e2e.aws;

import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.lambda.RouterMain;
import io.yunpipe.runner.WorkerMain;
import io.yunpipe.testkit.emulator.Child;
import io.yunpipe.testkit.emulator.Moto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A pipeline of one stage on a bucket: who submits, the router and the workers are processes. */
final class Site {
  static final String BUCKET = "lab";
  static final String PIPELINE = "letters";

  /** The queue that the router reads; named as its settings have it by default. */
  static final String EVENTS = "yunpipe-ingress_events";

  private final Moto moto;
  private final Path folder;
  private int processes;

  Site(Moto moto, Path folder) throws IOException, InterruptedException {
    this.moto = moto;
    this.folder = folder;
    moto.bucketWithEvents(BUCKET, EVENTS);
    Map<String, String> environment = moto.environment();
    System.setProperty("aws.accessKeyId", environment.get("AWS_ACCESS_KEY_ID"));
    System.setProperty("aws.secretAccessKey", environment.get("AWS_SECRET_ACCESS_KEY"));
  }

  /** Opens the pipeline as another program would, which only has the configuration. */
  Pipeline open(double seconds) {
    String script = "sleep " + seconds + "; tr a-z A-Z < \"$1\" > \"$2/out.txt\"";
    return Pipeline.builder()
        .name(PIPELINE)
        .backend("aws")
        .putSetting("yunpipe.aws.bucket", BUCKET)
        .putSetting("yunpipe.aws.endpoint", moto.endpoint().toString())
        .putSetting("yunpipe.aws.region", moto.environment().get("AWS_REGION"))
        .putSetting("yunpipe.aws.compute", "external")
        .stage(
            Algorithm.builder("upper")
                .argv(List.of("sh", "-c", script, "upper", "$input", "$output"))
                .build())
        .build();
  }

  Child router() throws IOException {
    Map<String, String> environment = environment();
    environment.put("YUNPIPE_TICK", "1");
    return Child.java(folder.resolve("router.log"), environment, RouterMain.class);
  }

  Child worker(String idle) throws IOException {
    Map<String, String> environment = environment();
    environment.put("YUNPIPE_PIPELINE", PIPELINE);
    environment.put("YUNPIPE_STAGE", "upper");
    environment.put("YUNPIPE_IDLE", idle);
    environment.put("YUNPIPE_AWS_LEASE", "10s");
    Path scratch = Files.createDirectories(folder.resolve("scratch-" + processes++));
    environment.put("YUNPIPE_SCRATCH", scratch.toString());
    environment.put("YUNPIPE_USER", "0");
    return Child.java(folder.resolve("workers.log"), environment, WorkerMain.class);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(moto.environment());
    environment.put("YUNPIPE_AWS_BUCKET", BUCKET);
    return environment;
  }
}
