package io.yunpipe.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.aws.http.TestProxy;
import io.yunpipe.testkit.emulator.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program is killed in the middle of a set-up; the next one ends it. */
class StackKillTest {
  @TempDir static Path folder;

  private static ProxiedCloud aws;
  private static CallProxy proxy;
  private static Cloud cloud;

  @BeforeAll
  static void start() throws IOException {
    aws = ProxiedCloud.start(folder);
    proxy = aws.proxy();
    cloud = aws.cloud();
  }

  @AfterAll
  static void stop() {
    if (aws != null) {
      aws.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CreateChangeSet", "ExecuteChangeSet", "PUT object"})
  void init_killedInACall_isEndedByTheNext(String call) throws Exception {
    String prefix = "k" + UUID.randomUUID().toString().substring(0, 6) + "-";
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch killed = new CountDownLatch(1);
    proxy.forget();
    proxy.next(
        call,
        forward -> {
          // Carried out, as the worst case is; the answer finds nobody.
          TestProxy.Answer answer = forward.send();
          reached.countDown();
          try {
            killed.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return answer;
        });
    Map<String, String> environment =
        Map.of("STACK_TEST_ENDPOINT", proxy.endpoint().toString(), "STACK_TEST_PREFIX", prefix);
    try (Child child =
        Child.java(folder.resolve(prefix + ".log"), environment, InitProcess.class)) {
      assertThat(reached.await(60, TimeUnit.SECONDS)).as(child.text()).isTrue();
      child.kill();
    } finally {
      killed.countDown();
    }
    SmallBlueprint blueprint = SmallBlueprint.of(prefix, "kill");
    SaidSteps said = new SaidSteps(true);
    StackLife life = new StackLife(cloud, blueprint, queue -> 0);
    assertThat(life.init(said)).isTrue();
    assertThat(cloud.cloudFormation().list(blueprint.names().stack())).hasSize(1);
    assertThat(cloud.cloudFormation().describe(blueprint.names().stack()))
        .hasValueSatisfying(view -> assertThat(view.state()).isEqualTo(StackState.COMPLETE));
    life.remove(true, () -> {}, said);
    assertThat(cloud.cloudFormation().describe(blueprint.names().stack())).isEmpty();
  }
}
