package io.yunpipe.aws.template;

import io.yunpipe.spi.StageNeeds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/** What a machine runs when it starts: it fetches the worker's program, runs it, and ends. */
final class MachineScript {
  /** Beyond the worker's own end: time to start, and for what runs to save what it can. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private MachineScript() {}

  static String encoded(StackSpec spec, StageNeeds stage) {
    return Base64.getEncoder().encodeToString(text(spec, stage).getBytes(StandardCharsets.UTF_8));
  }

  static String text(StackSpec spec, StageNeeds stage) {
    Map<String, Object> environment = WorkerEnvironment.ofWorker(spec, stage);
    String image = spec.image(stage);
    return """
        #!/bin/bash
        set -euo pipefail
        # Whatever happens below, the machine ends, and is then gone.
        trap 'shutdown -P now' EXIT
        shutdown -P +%s
        need() { command -v "$1" >/dev/null || dnf -q -y install "$2"; }
        need java java-21-amazon-corretto-headless
        need aws awscli-2
        export DOCKER_CONFIG=/opt/yunpipe/docker
        %s# /tmp is in memory.
        mkdir -p /opt/yunpipe/scratch
        cd /opt/yunpipe
        aws --region %s s3 cp --only-show-errors %s worker.jar
        echo '%s  worker.jar' | sha256sum --check --status
        cat >environment <<'END'
        %s
        YUNPIPE_SCRATCH="/opt/yunpipe/scratch"
        DOCKER_CONFIG="/opt/yunpipe/docker"
        END
        systemd-run --unit yunpipe-worker --wait --collect \\
          --property EnvironmentFile=/opt/yunpipe/environment \\
          --property RuntimeMaxSec=%s --property TimeoutStopSec=120 \\
          --property OOMPolicy=continue \\
          java -XX:+UseSerialGC -Xmx256m -cp /opt/yunpipe/worker.jar io.yunpipe.runner.WorkerMain
        """
        .formatted(
            spec.compute().maxLife().plus(MARGIN).toMinutes(),
            image == null ? "" : containers(image),
            quote(spec.account().region()),
            quote("s3://" + spec.router().bucket() + "/" + spec.router().key()),
            spec.router().sha256(),
            environment.entrySet().stream()
                .map(one -> one.getKey() + "=" + doubleQuote(one.getValue().toString()))
                .collect(Collectors.joining("\n")),
            spec.compute().maxLife().toSeconds());
  }

  /** Starts the engine, and signs it in where the image's registry asks for it. */
  private static String containers(String image) {
    return "need docker docker\nsystemctl start docker\n"
        + EcrImage.of(image)
            .map(
                ecr ->
                    """
                    aws ecr get-login-password --region %s |
                      docker login --username AWS --password-stdin %s
                    """
                        .formatted(quote(ecr.region()), quote(ecr.host())))
            .orElse("");
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** As systemd reads files of variables. */
  private static String doubleQuote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + '"';
  }
}
