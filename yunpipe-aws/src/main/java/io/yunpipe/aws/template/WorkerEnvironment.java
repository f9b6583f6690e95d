package io.yunpipe.aws.template;

import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.spi.StageNeeds;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What workers and the router find in their environment; docs/worker.md and docs/uploads.md. */
final class WorkerEnvironment {
  private WorkerEnvironment() {}

  private static Map<String, Object> common(StackSpec spec) {
    Map<String, Object> all = new TreeMap<>();
    all.put("YUNPIPE_BACKEND", "aws");
    all.put("YUNPIPE_AWS_BUCKET", spec.bucket().name());
    if (!spec.bucket().prefix().isEmpty()) {
      all.put("YUNPIPE_AWS_PREFIX", spec.bucket().prefix());
    }
    all.put("YUNPIPE_AWS_QUEUE_PREFIX", spec.names().prefix());
    all.put("YUNPIPE_AWS_REGION", spec.account().region());
    all.put("YUNPIPE_AWS_CREATE_QUEUES", "false");
    all.put("YUNPIPE_AWS_LEASE", seconds(spec.lease()));
    all.put("YUNPIPE_AWS_MAX_RECEIVES", Integer.toString(spec.maxReceives()));
    return all;
  }

  /** Returns a stage's worker's. It starts no workers itself: the router does. */
  static Map<String, Object> ofWorker(StackSpec spec, StageNeeds stage) {
    Map<String, Object> all = common(spec);
    all.put("YUNPIPE_AWS_COMPUTE", "external");
    all.put("YUNPIPE_PIPELINE", spec.names().pipeline());
    all.put("YUNPIPE_STAGE", stage.name());
    if (spec.compute().engine() != Engine.EC2_SSM) {
      all.put("YUNPIPE_INSIDE", "true");
    }
    return all;
  }

  /** Returns the router's, which starts workers. */
  static Map<String, Object> ofRouter(StackSpec spec, Network network) {
    ComputeSpec compute = spec.compute();
    Map<String, Object> all = common(spec);
    // Lambda sets the region itself.
    all.remove("YUNPIPE_AWS_REGION");
    // The bucket may be several pipelines'; this one's role opens no other's queues.
    all.put("YUNPIPE_PIPELINE", spec.names().pipeline());
    all.put("YUNPIPE_INGRESS", spec.names().pipeline() + "/-events");
    all.put("YUNPIPE_AWS_COMPUTE", word(compute.engine()));
    all.put("YUNPIPE_AWS_CAPACITY", word(compute.capacity()));
    all.put("YUNPIPE_AWS_ARCHITECTURE", word(compute.architecture()));
    all.put("YUNPIPE_AWS_MAX_WORKERS", Integer.toString(compute.maxWorkers()));
    all.put("YUNPIPE_AWS_MAX_LIFE", seconds(compute.maxLife()));
    if (!compute.instanceTypes().isEmpty()) {
      all.put("YUNPIPE_AWS_INSTANCE_TYPES", String.join(",", compute.instanceTypes()));
    }
    if (!spec.tags().isEmpty()) {
      all.put("YUNPIPE_AWS_TAGS", pairs(spec.tags()));
    }
    if (compute.engine() != Engine.BATCH) {
      all.put("YUNPIPE_AWS_SUBNETS", network.subnetText());
      all.put("YUNPIPE_AWS_SECURITY_GROUPS", network.groupText());
      all.put("YUNPIPE_AWS_PUBLIC_IP", Boolean.toString(compute.publicIp()));
    }
    return all;
  }

  private static String pairs(Map<String, String> tags) {
    return String.join(
        ",", tags.entrySet().stream().map(tag -> tag.getKey() + "=" + tag.getValue()).toList());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String seconds(Duration time) {
    return time.toSeconds() + "s";
  }
}
