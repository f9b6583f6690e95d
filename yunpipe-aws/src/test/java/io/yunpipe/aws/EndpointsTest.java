package io.yunpipe.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.ConfigurationException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

class EndpointsTest {
  private static final URI LOCAL = URI.create("http://127.0.0.1:4566");

  private static Endpoints of(Map<String, String> settings, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("bucket", "lab");
    return Endpoints.of(
        AwsSettings.of(all), new Endpoints.Surroundings(name -> null, environment::get));
  }

  @ParameterizedTest
  @CsvSource({
    "eu-west-1, https://s3.eu-west-1.amazonaws.com, https://sqs.eu-west-1.amazonaws.com",
    "cn-north-1, https://s3.cn-north-1.amazonaws.com.cn, https://sqs.cn-north-1.amazonaws.com.cn",
    "us-gov-west-1, https://s3.us-gov-west-1.amazonaws.com, https://sqs.us-gov-west-1.amazonaws.com"
  })
  void region_ofAnyPartition_hasItsHosts(String region, URI s3, URI sqs) {
    Endpoints found = of(Map.of("region", region), Map.of());
    assertThat(List.of(found.s3(), found.sqs())).containsExactly(s3, sqs);
    assertThat(found.region()).isEqualTo(region);
    assertThat(found.s3OfAws() && found.sqsOfAws()).isTrue();
  }

  /** The shortcut for usual regions must not contradict the SDK. */
  @Test
  void regions_thatTheSdkKnows_haveTheHostsItSays() {
    for (Region region : Region.regions()) {
      if (!region.isGlobalRegion()) {
        assertThat(of(Map.of("region", region.id()), Map.of()).sqs())
            .hasHost("sqs." + region.id() + "." + PartitionMetadata.of(region).dnsSuffix());
      }
    }
  }

  @Test
  void region_notSet_isTheEnvironments() {
    Map<String, String> environment = Map.of("AWS_REGION", "eu-north-1", "AWS_DEFAULT_REGION", "x");
    assertThat(of(Map.of(), environment).region()).isEqualTo("eu-north-1");
    assertThat(of(Map.of(), Map.of("AWS_DEFAULT_REGION", "sa-east-1")).region())
        .isEqualTo("sa-east-1");
    assertThat(of(Map.of("region", "eu-west-2"), environment).region()).isEqualTo("eu-west-2");
  }

  @Test
  void endpoint_set_servesBothAndNeedsNoRegion() {
    Endpoints found =
        of(
            Map.of("endpoint", "http://127.0.0.1:4566/"),
            Map.of("AWS_ENDPOINT_URL", "http://other"));
    assertThat(List.of(found.s3(), found.sqs(), found.of(Endpoints.Service.EC2)))
        .containsOnly(LOCAL);
    assertThat(found.region()).isEqualTo("us-east-1");
    assertThat(found.s3OfAws() || found.sqsOfAws()).isFalse();
  }

  @Test
  void endpoint_ofTheEnvironment_isTakenPerService() {
    URI queues = URI.create("http://127.0.0.1:9324");
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
    environment.put("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9324");
    Endpoints found = of(Map.of(), environment);
    assertThat(List.of(found.s3(), found.sqs())).containsExactly(LOCAL, queues);
    environment.put("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    assertThat(of(Map.of("region", "eu-west-1"), environment).s3())
        .hasHost("s3.eu-west-1.amazonaws.com");
  }

  @Test
  void service_ofTwoWords_hasItsVariableAndHost() {
    Endpoints.Service quotas = new Endpoints.Service("Service Quotas", "servicequotas");
    assertThat(of(Map.of("region", "eu-west-1"), Map.of()).of(quotas))
        .hasToString("https://servicequotas.eu-west-1.amazonaws.com");
    assertThat(
            of(
                    Map.of("region", "eu-west-1"),
                    Map.of("AWS_ENDPOINT_URL_SERVICE_QUOTAS", LOCAL.toString()))
                .of(quotas))
        .isEqualTo(LOCAL);
  }

  @Test
  void endpoint_ofTheEnvironmentThatIsNone_isTold() {
    assertThatThrownBy(() -> of(Map.of(), Map.of("AWS_ENDPOINT_URL", "localhost:4566")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL")
        .hasMessageContaining("but found \"localhost:4566\"");
  }
}
