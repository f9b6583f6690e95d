package io.yunpipe.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.http.Identity;
import io.yunpipe.aws.http.JsonService;
import io.yunpipe.spi.RegistryAccess;
import io.yunpipe.testkit.emulator.Moto;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class EcrAccessTest {
  private static final String HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

  @TempDir static Path folder;

  private static Moto moto;

  @BeforeAll
  static void start() throws IOException {
    moto = Moto.start(folder);
  }

  @AfterAll
  static void stop() {
    if (moto != null) {
      moto.close();
    }
  }

  private static AwsHttp http(String region) {
    return new AwsHttp(
        Connections.client(),
        new Identity(
            () ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create("AKIATESTTESTTEST", "test-secret"))),
        region,
        Clock.systemUTC());
  }

  private static RegistryAccess access() {
    Map<String, String> environment = Map.of("AWS_ENDPOINT_URL", moto.endpoint().toString());
    return new EcrAccess(
        EcrAccessTest::http, new Endpoints.Surroundings(name -> null, environment::get));
  }

  @Test
  void hosts_ofEcr_areServedAndNoOthers() {
    assertThat(access().serves(HOST)).isTrue();
    assertThat(access().serves("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn")).isTrue();
    assertThat(access().serves("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com")).isTrue();
    assertThat(access().serves("docker.io")).isFalse();
    assertThat(access().serves(HOST + ".example.org")).isFalse();
    assertThat(access().serves("x" + HOST)).isFalse();
    assertThatThrownBy(() -> access().login("docker.io"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void login_isGotByASignedCall() {
    RegistryAccess.Login login = access().login(HOST).orElseThrow();

    assertThat(login.user()).isEqualTo("AWS");
    assertThat(login.secret()).isNotEmpty();
    assertThat(login.toString()).doesNotContain(login.secret());
  }

  @Test
  void repository_thatIsMissing_isMadeOnceWithTagsThatStayAndAScan() {
    assertThat(access().prepare(HOST, "lab/cells")).isTrue();
    assertThat(access().prepare(HOST, "lab/cells")).isFalse();

    try (AwsHttp http = http("eu-west-1")) {
      var made =
          JsonService.targeted(
                  http,
                  "ecr",
                  moto.endpoint(),
                  "AmazonEC2ContainerRegistry_V20150921",
                  "1.1",
                  Map.of())
              .call("DescribeRepositories", "test", fields -> {})
              .objects("repositories")
              .get(0);
      assertThat(made.text("repositoryName")).isEqualTo("lab/cells");
      assertThat(made.text("imageTagMutability")).isEqualTo("IMMUTABLE");
      assertThat(made.object("imageScanningConfiguration").text("scanOnPush")).isEqualTo("true");
    }
  }

  @Test
  void login_isSignedByTheProfileThatTheSettingsName() throws IOException {
    Path credentials =
        Files.writeString(
            folder.resolve("credentials"),
            """
            [default]
            aws_access_key_id = AKIAOFTHEDEFAULT
            aws_secret_access_key = test-secret
            [lab]
            aws_access_key_id = AKIAOFTHELAB
            aws_secret_access_key = test-secret
            """);
    List<String> signatures = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          signatures.add(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] answer =
              "{\"authorizationData\":[{\"authorizationToken\":\"QVdTOnNlY3JldA==\"}]}"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    System.setProperty("aws.sharedCredentialsFile", credentials.toString());
    System.setProperty("yunpipe.aws.profile", "lab");
    try {
      String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
      RegistryAccess access =
          new EcrAccess(
              EcrAccess::signed,
              new Endpoints.Surroundings(name -> null, Map.of("AWS_ENDPOINT_URL", endpoint)::get));

      assertThat(access.login(HOST).orElseThrow().user()).isEqualTo("AWS");
      assertThat(signatures).hasSize(1).allMatch(it -> it.contains("Credential=AKIAOFTHELAB/"));
    } finally {
      System.clearProperty("yunpipe.aws.profile");
      System.clearProperty("aws.sharedCredentialsFile");
      server.stop(0);
    }
  }

  @Test
  void service_isFoundByItsInterface() {
    assertThat(ServiceLoader.load(RegistryAccess.class)).anyMatch(one -> one instanceof EcrAccess);
  }
}
