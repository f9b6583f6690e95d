package io.yunpipe.aws;

import io.yunpipe.ConfigurationException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Where the services are.
 *
 * @param region what signatures name
 * @param s3 where S3 is: scheme, host and port
 * @param sqs where SQS is
 * @param s3OfAws whether that is AWS, and not another server of its protocol
 * @param sqsOfAws the same for SQS
 */
record Endpoints(String region, URI s3, URI sqs, boolean s3OfAws, boolean sqsOfAws) {
  /** The region that servers elsewhere take for granted. */
  private static final String USUAL_REGION = "us-east-1";

  /**
   * Regions of the partition that nearly all use. The SDK's own table knows all, but takes as long
   * to load as all else that a worker's start needs.
   */
  private static final Pattern USUAL_PARTITION =
      Pattern.compile("(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-[0-9]");

  /** What surrounds a program. */
  record Surroundings(
      Function<String, @Nullable String> properties,
      Function<String, @Nullable String> environment) {
    /** Returns the first that is set of a system property and variables, or an empty text. */
    String first(String property, String... variables) {
      String value = properties.apply(property);
      for (int i = 0; i < variables.length && (value == null || value.isBlank()); i++) {
        value = environment.apply(variables[i]);
      }
      return value == null ? "" : value.strip();
    }
  }

  /** Finds services for settings, by the names that the SDK and the command line of AWS know. */
  static Endpoints of(AwsSettings settings) {
    return of(settings, new Surroundings(System::getProperty, System::getenv));
  }

  static Endpoints of(AwsSettings settings, Surroundings around) {
    String s3 = custom(settings, around, "S3");
    String sqs = custom(settings, around, "Sqs");
    String region = region(settings, around, !s3.isEmpty() && !sqs.isEmpty());
    return new Endpoints(
        region,
        s3.isEmpty() ? ofAws("s3", region) : uri(s3),
        sqs.isEmpty() ? ofAws("sqs", region) : uri(sqs),
        s3.isEmpty(),
        sqs.isEmpty());
  }

  private static String custom(AwsSettings settings, Surroundings around, String service) {
    if (!settings.endpoint().isEmpty()) {
      return settings.endpoint();
    }
    String ignored =
        around.first("aws.ignoreConfiguredEndpointUrls", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if (ignored.equalsIgnoreCase("true")) {
      return "";
    }
    String own =
        around.first(
            "aws.endpointUrl" + service, "AWS_ENDPOINT_URL_" + service.toUpperCase(Locale.ROOT));
    return own.isEmpty() ? around.first("aws.endpointUrl", "AWS_ENDPOINT_URL") : own;
  }

  private static URI uri(String text) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null && uri.getScheme() != null) {
        return URI.create(
            uri.getScheme()
                + "://"
                + uri.getHost()
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
      }
    } catch (IllegalArgumentException e) {
      // Told below, like an address without a host.
    }
    throw new ConfigurationException(
        "of the backend aws",
        List.of(
            "the endpoint (yunpipe.aws.endpoint, or AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 and"
                + " AWS_ENDPOINT_URL_SQS in the environment): expected scheme, host and port such"
                + " as http://127.0.0.1:4566, but found \""
                + text
                + "\""));
  }

  /** The host's last part differs by partition, such as China's. */
  private static URI ofAws(String service, String region) {
    String suffix =
        USUAL_PARTITION.matcher(region).matches()
            ? "amazonaws.com"
            : PartitionMetadata.of(Region.of(region)).dnsSuffix();
    return URI.create("https://" + service + "." + region + "." + suffix);
  }

  private static String region(AwsSettings settings, Surroundings around, boolean elsewhere) {
    if (!settings.region().isEmpty()) {
      return settings.region();
    }
    String given = around.first("aws.region", "AWS_REGION", "AWS_DEFAULT_REGION");
    if (!given.isEmpty()) {
      return given;
    }
    return elsewhere ? USUAL_REGION : fromProfileOrMachine(settings.profile());
  }

  private static String fromProfileOrMachine(String profile) {
    try {
      DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
      if (!profile.isEmpty()) {
        chain.profileName(profile);
      }
      return chain.build().getRegion().id();
    } catch (SdkClientException e) {
      throw new ConfigurationException(
          "of the backend aws",
          List.of(
              "yunpipe.aws.region is not set, and none was found in: system property aws.region;"
                  + " environment variables AWS_REGION and AWS_DEFAULT_REGION; the profile "
                  + (profile.isEmpty() ? "(AWS_PROFILE or 'default')" : "'" + profile + "'")
                  + " in ~/.aws/config; the machine, if it is one of AWS. Set yunpipe.aws.region,"
                  + " such as eu-west-1"));
    }
  }
}
