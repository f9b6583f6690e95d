package io.yunpipe.aws;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.aws.http.JsonAnswer;
import io.yunpipe.aws.http.JsonService;
import io.yunpipe.config.Settings;
import io.yunpipe.spi.RegistryAccess;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ECR: signs in with a token that AWS's credentials get, and makes repositories whose tags cannot
 * be moved and whose images are scanned.
 */
public final class EcrAccess implements RegistryAccess {
  private static final Pattern HOST =
      Pattern.compile(
          "(?<account>[0-9]{12})\\.dkr\\.ecr(?:-fips)?\\.(?<region>[a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?");

  private static final Endpoints.Service ECR = new Endpoints.Service("ECR", "api.ecr");

  private final Function<String, AwsHttp> http;
  private final Endpoints.Surroundings around;

  /**
   * Creates it, with the credentials that the settings name or this program's surroundings have.
   */
  public EcrAccess() {
    this(EcrAccess::signed, new Endpoints.Surroundings(System::getProperty, System::getenv));
  }

  /** Reads settings only when they are needed, and a broken file is worth a failure. */
  static AwsHttp signed(String region) {
    String profile = Settings.load(null, Map.of()).text("yunpipe.aws.profile").orElse("");
    return new AwsHttp(Connections.client(), Credentials.of(profile), region, Clock.systemUTC());
  }

  EcrAccess(Function<String, AwsHttp> http, Endpoints.Surroundings around) {
    this.http = http;
    this.around = around;
  }

  @Override
  public boolean serves(String registry) {
    return HOST.matcher(registry).matches();
  }

  @Override
  public Optional<Login> login(String registry) {
    Matcher host = host(registry);
    JsonAnswer answer =
        calling(host, ecr -> ecr.call("GetAuthorizationToken", registry, fields -> {}));
    String token =
        answer.objects("authorizationData").stream()
            .findFirst()
            .map(data -> data.text("authorizationToken"))
            .orElse("");
    try {
      String pair = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon > 0) {
        return Optional.of(new Login(pair.substring(0, colon), pair.substring(colon + 1)));
      }
    } catch (IllegalArgumentException e) {
      // Said below; the token itself stays unsaid.
    }
    throw new BackendException(
        "Could not sign in to " + registry + ": ecr:GetAuthorizationToken gave no token", null);
  }

  @Override
  public boolean prepare(String registry, String repository) {
    Matcher host = host(registry);
    return calling(host, ecr -> made(ecr, host.group("account"), repository));
  }

  private static boolean made(JsonService ecr, String account, String repository) {
    String on = "repository " + repository;
    try {
      ecr.call(
          "DescribeRepositories",
          on,
          fields -> {
            fields.writeStringField("registryId", account);
            fields.writeArrayFieldStart("repositoryNames");
            fields.writeString(repository);
            fields.writeEndArray();
          });
      return false;
    } catch (BackendException e) {
      if (!AwsRefusal.is(e, "RepositoryNotFoundException")) {
        throw e;
      }
    }
    try {
      ecr.call(
          "CreateRepository",
          on,
          fields -> {
            fields.writeStringField("registryId", account);
            fields.writeStringField("repositoryName", repository);
            fields.writeStringField("imageTagMutability", "IMMUTABLE");
            fields.writeObjectFieldStart("imageScanningConfiguration");
            fields.writeBooleanField("scanOnPush", true);
            fields.writeEndObject();
          });
      return true;
    } catch (BackendException e) {
      if (AwsRefusal.is(e, "RepositoryAlreadyExistsException")) {
        return false;
      }
      throw e;
    }
  }

  private static Matcher host(String registry) {
    Matcher host = HOST.matcher(registry);
    if (!host.matches()) {
      throw new IllegalArgumentException("not a registry of ECR: " + registry);
    }
    return host;
  }

  private <T> T calling(Matcher host, Function<JsonService, T> calls) {
    String region = host.group("region");
    Endpoints endpoints = Endpoints.of(AwsSettings.of(Map.of("region", region)), around);
    try (AwsHttp signed = http.apply(region)) {
      return calls.apply(
          JsonService.targeted(
              signed,
              "ecr",
              endpoints.of(ECR),
              "AmazonEC2ContainerRegistry_V20150921",
              "1.1",
              Map.of()));
    }
  }
}
