package io.yunpipe.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.CleanUp;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.aws.s3.S3Server;
import io.yunpipe.aws.sqs.SqsServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A run from submission to results over LocalStack, with clients that the program has. */
class LocalStackRunTest {
  @TempDir Path folder;

  @Test
  void run_overReadyMadeClients_bringsItsResults() throws Exception {
    S3Server server = new S3Server(LocalStack.endpoint(), "test", "test");
    String bucket = server.newBucket();
    for (int i = 0; i < 40; i++) {
      Files.writeString(
          Files.createDirectories(folder.resolve("in")).resolve("f" + i), "text " + i);
    }
    try (S3Client s3 = server.client(server.endpoint());
        SqsClient sqs = SqsServer.client(server.endpoint());
        Pipeline pipeline =
            Pipeline.builder()
                .name("localstack")
                .backend(Aws.with(s3, sqs))
                .putSetting("yunpipe.aws.bucket", bucket)
                .putSetting("yunpipe.aws.compute", "threads")
                .stage(
                    Algorithm.command(
                        "upper", "sh -c 'tr a-z A-Z < \"$1\" > \"$2/out\"' upper $input $output"))
                .build()) {
      pipeline.init();
      Run run = pipeline.submit(folder.resolve("in"));
      assertThat(run.await().state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(run.download(folder.resolve("out"))).isEqualTo(40);
      assertThat(folder.resolve("out/f7/out")).hasContent("TEXT 7");
      assertThat(pipeline.cleanUp(CleanUp.Mode.EMPTY).removed())
          .anyMatch(line -> line.contains("SQS queue"));
    } finally {
      server.deleteBucket(bucket);
    }
  }
}
