package io.yunpipe.aws;

import io.yunpipe.ConfigurationException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** Where the services are: AWS, or other servers of their protocols. */
final class Endpoints {
  /**
   * A service.
   *
   * @param id its name as the SDK writes it, such as {@code Service Quotas}
   * @param host the first part of its host's name
   */
  record Service(String id, String host) {
    static final Service S3 = new Service("S3", "s3");
    static final Service SQS = new Service("Sqs", "sqs");
    static final Service EC2 = new Service("EC2", "ec2");
    static final Service STS = new Service("STS", "sts");

    private String variable() {
      return "AWS_ENDPOINT_URL_" + id.toUpperCase(Locale.ROOT).replace(' ', '_');
    }

    private String property() {
      return "aws.endpointUrl" + id.replace(" ", "");
    }
  }

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
    return new Endpoints(settings, around);
  }

  private final AwsSettings settings;
  private final Surroundings around;
  private final String region;
  private final URI s3;
  private final URI sqs;
  private final boolean s3OfAws;
  private final boolean sqsOfAws;

  private Endpoints(AwsSettings settings, Surroundings around) {
    this.settings = settings;
    this.around = around;
    Optional<URI> elsewhereS3 = elsewhere(Service.S3);
    Optional<URI> elsewhereSqs = elsewhere(Service.SQS);
    this.region = region(settings, around, elsewhereS3.isPresent() && elsewhereSqs.isPresent());
    this.s3 = elsewhereS3.orElseGet(() -> ofAws(Service.S3.host(), region));
    this.sqs = elsewhereSqs.orElseGet(() -> ofAws(Service.SQS.host(), region));
    this.s3OfAws = elsewhereS3.isEmpty();
    this.sqsOfAws = elsewhereSqs.isEmpty();
  }

  /** Returns what signatures name. */
  String region() {
    return region;
  }

  /** Returns where S3 is: scheme, host and port. */
  URI s3() {
    return s3;
  }

  /** Returns where SQS is. */
  URI sqs() {
    return sqs;
  }

  /** Returns whether that is AWS, and not another server of its protocol. */
  boolean s3OfAws() {
    return s3OfAws;
  }

  /** Returns the same for SQS. */
  boolean sqsOfAws() {
    return sqsOfAws;
  }

  /** Returns where a service is. */
  URI of(Service service) {
    return elsewhere(service).orElseGet(() -> ofAws(service.host(), region));
  }

  /** Returns the server that takes a service's place, if it is not AWS's. */
  Optional<URI> elsewhere(Service service) {
    String custom = custom(settings, around, service);
    return custom.isEmpty() ? Optional.empty() : Optional.of(uri(custom));
  }

  private static String custom(AwsSettings settings, Surroundings around, Service service) {
    if (!settings.endpoint().isEmpty()) {
      return settings.endpoint();
    }
    String ignored =
        around.first("aws.ignoreConfiguredEndpointUrls", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if (ignored.equalsIgnoreCase("true")) {
      return "";
    }
    String own = around.first(service.property(), service.variable());
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
    if (service.equals("iam")) {
      return URI.create("https://iam." + homeOfIam(region));
    }
    String suffix =
        USUAL_PARTITION.matcher(region).matches()
            ? "amazonaws.com"
            : PartitionMetadata.of(Region.of(region)).dnsSuffix();
    return URI.create("https://" + service + "." + region + "." + suffix);
  }

  /** There is one for all regions of a partition. */
  private static String homeOfIam(String region) {
    if (region.startsWith("cn-")) {
      return "cn-north-1.amazonaws.com.cn";
    }
    return region.startsWith("us-gov-") ? "us-gov.amazonaws.com" : "amazonaws.com";
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
