package io.yunpipe.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.ConfigurationException;
import io.yunpipe.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AwsSettingsTest {
  @Test
  void settings_withABucketOnly_haveTheDefaultsOfReferenceConf() {
    Map<String, String> all = new HashMap<>(Settings.load(null, Map.of()).backendSettings("aws"));
    all.keySet()
        .removeAll(
            Set.of("input-bucket", "output-bucket", "account-id", "ecs-cluster", "key-pair"));
    assertThat(all)
        .hasSize(
            AwsSettings.class.getRecordComponents().length
                - 1
                + CloudSettings.class.getRecordComponents().length);
    all.put("bucket", "lab");
    assertThat(AwsSettings.of(all)).isEqualTo(AwsSettings.of(Map.of("bucket", "lab")));
  }

  @Test
  void settings_allGiven_areTaken() {
    AwsSettings settings =
        AwsSettings.of(
            Map.of(
                "bucket", "lab",
                "compute", "external",
                "lease", "5m",
                "path-style", "false",
                "cpus", "1.5",
                "endpoint", "http://127.0.0.1:9000"));
    assertThat(settings.compute()).isEqualTo(AwsSettings.Workers.EXTERNAL);
    assertThat(settings.lease()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.pathStyle()).contains(false);
    assertThat(settings.cpus()).isEqualTo(1.5);
  }

  @Test
  void bucket_ofAnEarlierWorkflowFile_isTakenUnlessOneIsNamed() {
    Map<String, String> earlier = new HashMap<>();
    earlier.put("bucket", "");
    earlier.put("output-bucket", "results");
    assertThat(AwsSettings.of(earlier).bucket()).isEqualTo("results");
    earlier.put("bucket", "lab");
    assertThat(AwsSettings.of(earlier).bucket()).isEqualTo("lab");
  }

  @Test
  void bucket_isNeededUnlessTheStackMakesOne() {
    assertThat(AwsSettings.of(Map.of()).bucket()).isEmpty();
    assertThatThrownBy(() -> AwsSettings.of(Map.of("compute", "threads")))
        .hasMessageContaining(
            "yunpipe.aws.bucket is not set; it must be the name of the bucket that holds inputs,"
                + " results and state");
  }

  @Test
  void settings_thatCannotBeUsed_areAllTold() {
    Map<String, String> bad = new HashMap<>();
    bad.put("region", "Frankfurt!");
    bad.put("endpoint", "127.0.0.1:9000");
    bad.put("prefix", "/lab");
    bad.put("queue-prefix", "a-name-far-too-long");
    bad.put("path-style", "sometimes");
    bad.put("compute", "moon");
    bad.put("lease", "13h");
    bad.put("max-receives", "0");
    bad.put("part-mib", "1");
    bad.put("cpus", "many");
    assertThatThrownBy(() -> AwsSettings.of(bad))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            """
            Configuration of the backend aws has 10 problems:
              - yunpipe.aws.compute: expected batch or ecs or ec2-ssm or threads or external, but found "moon"
              - yunpipe.aws.region: expected a region such as eu-west-1, but found "Frankfurt!"
              - yunpipe.aws.endpoint: expected scheme, host and port such as http://127.0.0.1:4566, but found "127.0.0.1:9000"
              - yunpipe.aws.prefix: expected a prefix such as team-a/, without a slash first, but found "/lab"
              - yunpipe.aws.queue-prefix: expected at most 14 of a-z, A-Z, 0-9 and -, but found "a-name-far-too-long"
              - yunpipe.aws.path-style: expected true or false, but found "sometimes"
              - yunpipe.aws.cpus: expected a number from 0.0 to 100000.0, but found "many"
              - yunpipe.aws.lease: expected a duration from 10s to 43200s, but found "13h"
              - yunpipe.aws.max-receives: expected a whole number from 1 to 1000, but found "0"
              - yunpipe.aws.part-mib: expected a whole number from 5 to 1024, but found "1\"""");
  }
}
