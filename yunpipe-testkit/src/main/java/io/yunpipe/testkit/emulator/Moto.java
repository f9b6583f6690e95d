package io.yunpipe.testkit.emulator;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** An emulator of AWS as a process on loopback, and the AWS command line as its foreign client. */
public final class Moto implements AutoCloseable {
  private static final String REGION = "eu-west-1";

  private final Child server;
  private final Path folder;
  private final URI endpoint;

  private Moto(Child server, Path folder, URI endpoint) {
    this.server = server;
    this.folder = folder;
    this.endpoint = endpoint;
  }

  /** Starts it; skips the test where it is not installed. */
  public static Moto start(Path folder) throws IOException {
    return start(folder, Map.of());
  }

  /** Starts it with more variables; skips the test where it is not installed. */
  public static Moto start(Path folder, Map<String, String> environment) throws IOException {
    Path program =
        Needs.program("moto", "YUNPIPE_TEST_MOTO", "moto_server", "pip install 'moto[server]'");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Child server =
        Child.start(
            folder.resolve("moto.log"),
            environment,
            List.of(program.toString(), "-H", "127.0.0.1", "-p", Integer.toString(port)));
    Moto moto = new Moto(server, folder, URI.create("http://127.0.0.1:" + port));
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!moto.answers()) {
      if (System.nanoTime() - limit > 0) {
        throw new IllegalStateException("moto does not answer: " + server.text());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    return moto;
  }

  private boolean answers() {
    if (!server.alive()) {
      throw new IllegalStateException("moto ended: " + server.text());
    }
    try {
      return HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(endpoint.resolve("/moto-api/")).build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns where it is. */
  public URI endpoint() {
    return endpoint;
  }

  /** Returns what a process needs to find the emulator and to be let in. */
  public Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("AWS_ENDPOINT_URL", endpoint.toString());
    environment.put("AWS_REGION", REGION);
    environment.put("AWS_DEFAULT_REGION", REGION);
    environment.put("AWS_ACCESS_KEY_ID", "AKIATESTTESTTEST");
    environment.put("AWS_SECRET_ACCESS_KEY", "test-secret");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    return environment;
  }

  /** Runs the AWS command line and returns what it says; skips the test where there is none. */
  public String aws(String... words) throws IOException, InterruptedException {
    Path cli = Needs.program("awscli", "YUNPIPE_TEST_AWSCLI", "aws", "apt-get install awscli");
    List<String> command = new java.util.ArrayList<>();
    command.add(cli.toString());
    // The one of Debian does not know the variable.
    command.addAll(List.of("--endpoint-url", endpoint.toString()));
    command.addAll(List.of(words));
    Path said = Files.createTempFile(folder, "aws", ".txt");
    try (Child child = Child.start(said, environment(), command)) {
      int exit = child.exit(120);
      if (exit != 0) {
        throw new IllegalStateException(command + " ended with " + exit + ": " + child.text());
      }
      return child.text();
    }
  }

  /** Makes a bucket whose new objects below {@code inbox/} are told to a queue. */
  public void bucketWithEvents(String bucket, String queue)
      throws IOException, InterruptedException {
    aws("s3", "mb", "s3://" + bucket);
    aws("sqs", "create-queue", "--queue-name", queue);
    notify(bucket, queue);
  }

  /** Lets a bucket tell a queue of new objects below {@code inbox/}. */
  public void notify(String bucket, String queue) throws IOException, InterruptedException {
    aws(
        "s3api",
        "put-bucket-notification-configuration",
        "--bucket",
        bucket,
        "--notification-configuration",
        """
        {"QueueConfigurations": [{
          "QueueArn": "arn:aws:sqs:%s:123456789012:%s",
          "Events": ["s3:ObjectCreated:*"],
          "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "inbox/"}]}}}]}
        """
            .formatted(REGION, queue));
  }

  @Override
  public void close() {
    server.close();
  }
}
