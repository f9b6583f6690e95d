package io.yunpipe.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsHttp;
import io.yunpipe.aws.sqs.SqsOptions;
import io.yunpipe.aws.sqs.SqsQueues;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

class CredentialsTest {
  private static final String FILE = "aws.sharedCredentialsFile";

  @TempDir Path folder;

  @AfterEach
  void restore() {
    System.clearProperty(FILE);
  }

  @Test
  void profile_withoutCredentials_isNamedAndNoSecretIsTold() throws Exception {
    Path file = folder.resolve("credentials");
    Files.writeString(
        file,
        """
        [default]
        aws_access_key_id = AKIDEXAMPLE
        aws_secret_access_key = sEcReT
        [lab]
        region = eu-west-1
        """);
    System.setProperty(FILE, file.toString());
    AwsHttp http =
        new AwsHttp(
            UrlConnectionHttpClient.create(),
            Credentials.of("lab"),
            "eu-west-1",
            Clock.systemUTC());
    SqsQueues queues = SqsQueues.over(http, URI.create("http://127.0.0.1:1"), SqsOptions.DEFAULT);
    assertThatThrownBy(() -> queues.exists("any"))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(
            "Could not find AWS credentials. Looked in: profile 'lab' (yunpipe.aws.profile) in ~/.aws/config")
        .hasMessageContaining("Sign in with 'aws sso login'")
        .hasMessageContaining("no credentials for profile 'lab'")
        .hasMessageNotContainingAny("sEcReT", "AKIDEXAMPLE");
  }
}
