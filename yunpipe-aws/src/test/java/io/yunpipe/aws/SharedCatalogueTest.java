package io.yunpipe.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.BackendException;
import io.yunpipe.ConfigurationException;
import io.yunpipe.aws.s3.S3Server;
import io.yunpipe.config.Description;
import io.yunpipe.config.Published;
import io.yunpipe.config.Settings;
import io.yunpipe.config.SharedCatalogue;
import io.yunpipe.config.SharedCatalogue.Listed;
import io.yunpipe.config.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** A catalogue below a prefix of a bucket. */
class SharedCatalogueTest {
  private static final List<String> IDENTITY = List.of("aws.accessKeyId", "aws.secretAccessKey");

  private static S3Server server = S3Server.inJvm();
  private static String bucket = "";

  @TempDir Path folder;

  @BeforeAll
  static void makeBucket() {
    System.setProperty(IDENTITY.get(0), server.accessKey());
    System.setProperty(IDENTITY.get(1), server.secretKey());
    bucket = server.newBucket();
  }

  @AfterAll
  static void removeBucket() {
    server.deleteBucket(bucket);
    IDENTITY.forEach(System::clearProperty);
  }

  private static SharedCatalogue open(String location) {
    return SharedCatalogue.open(
        Settings.load(
            null,
            Map.of(
                SharedCatalogue.SETTING,
                location,
                "yunpipe.aws.endpoint",
                server.endpoint().toString(),
                "yunpipe.aws.region",
                S3Server.REGION)));
  }

  private static Description description(String name, int digit) {
    String digest = "@sha256:" + String.valueOf(digit).repeat(64);
    return Description.of(Algorithm.image(name, "lab/" + name + digest, "count $input"));
  }

  @Test
  void algorithms_inABucket_areSharedByPrograms() throws Exception {
    Path test = Files.writeString(folder.resolve("in.txt"), "1 2 3");
    String location = "s3://" + bucket + "/team/catalogue/";
    try (SharedCatalogue one = open(location);
        SharedCatalogue other = open(location)) {
      assertThat(one.publish(description("count", 1), test).made()).isTrue();
      assertThat(other.publish(description("count", 1), test).made()).isFalse();
      Published second = other.publish(description("count", 2), test).entry();
      assertThat(second.previous()).contains(new Version("1"));
      one.publish(description("a", 3), null);
      assertThat(other.list("", 10))
          .containsExactly(
              new Listed("a", new Version("1"), 1), new Listed("count", new Version("2"), 2));
      assertThat(other.list("a", 1)).extracting(Listed::name).containsExactly("count");
      assertThat(other.list("count", 1)).isEmpty();
      Published newest = one.newest("count").orElseThrow();
      assertThat(newest).usingRecursiveComparison().isEqualTo(second);
      assertThat(other.downloadTest(newest, folder.resolve("got")).orElseThrow())
          .hasContent("1 2 3");
    }
    try (S3Client client = server.client(server.endpoint())) {
      assertThat(client.listObjectsV2(request -> request.bucket(bucket)).contents())
          .as("everything lies below the prefix")
          .isNotEmpty()
          .allMatch(object -> object.key().startsWith("team/catalogue/"));
    }
  }

  @Test
  void bucket_thatIsNotThere_saysSo() {
    try (SharedCatalogue shared = open("s3://" + bucket + "-gone/x")) {
      assertThatThrownBy(() -> shared.newest("count"))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(bucket + "-gone");
    }
  }

  @Test
  void address_withoutBucket_isRefused() {
    assertThatThrownBy(() -> open("s3:///prefix"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected s3://bucket/prefix, but found \"s3:///prefix\"");
  }
}
