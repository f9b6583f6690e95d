package io.yunpipe.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.YunpipeException;
import io.yunpipe.aws.http.TestProxy;
import io.yunpipe.testkit.emulator.Moto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each call of a set-up and a removal fails once: nothing is lost, and what is said helps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StackFaultsTest {
  @TempDir static Path folder;

  private Moto moto;
  private CallProxy proxy;
  private Cloud cloud;
  private Set<String> calls = Set.of();

  private final SaidSteps said = new SaidSteps(true);

  /** Learns from a whole life which calls there are. */
  @BeforeAll
  void learn() throws IOException {
    moto = Moto.start(folder);
    proxy = new CallProxy(moto.endpoint());
    cloud = MotoCloud.at(proxy.endpoint());
    // The emulator takes seconds to look through all of its services.
    proxy.always("GetResources", "{\"ResourceTagMappingList\":[]}");
    Life life = new Life();
    life.whole();
    calls = new LinkedHashSet<>(proxy.calls());
  }

  @AfterAll
  void stop() {
    if (moto != null) {
      cloud.http().close();
      proxy.close();
      moto.close();
    }
  }

  @BeforeEach
  void forget() {
    proxy.forget();
    // How fast a client calls depends on what it met before.
    cloud.http().close();
    cloud = MotoCloud.at(proxy.endpoint());
  }

  /** A pipeline of its own, from nothing to nothing. */
  private final class Life {
    private final SmallBlueprint first =
        SmallBlueprint.of("p" + UUID.randomUUID().toString().substring(0, 8));
    private final SmallBlueprint second = first.visibility(90);

    private StackLife of(Blueprint blueprint) {
      return new StackLife(cloud, blueprint, queue -> 0);
    }

    List<Runnable> steps() {
      return List.of(
          () -> of(first).init(said),
          () -> of(second).init(said),
          () -> of(second).park(() -> {}, said),
          () -> of(second).remove(false, () -> {}, said),
          () -> of(second).init(said),
          () -> of(second).remove(true, () -> {}, said));
    }

    void whole() {
      steps().forEach(Runnable::run);
    }

    void assertGone() {
      assertThat(cloud.cloudFormation().describe(first.names().stack())).isEmpty();
      assertThat(cloud.buckets().exists(of(first).bucket())).isFalse();
    }
  }

  private void eachOnce(TestProxy.Fault fault) {
    calls.forEach(call -> proxy.next(call, fault));
    Life life = new Life();
    life.whole();
    life.assertGone();
    calls.forEach(call -> assertThat(proxy.calls()).contains(call));
  }

  @Test
  void calls_eachFailingOnce_areRepeated() {
    eachOnce(CallProxy.broken());
  }

  @Test
  void calls_eachThrottledOnce_areRepeated() {
    eachOnce(CallProxy.throttled());
  }

  @Test
  void answers_eachLostOnce_areFoundOut() {
    eachOnce(CallProxy.lose());
  }

  /** What only warns, or is told without a failure. */
  private static final List<String> TOLERATED =
      List.of("GetServiceQuota", "GetResources", "CreateServiceLinkedRole");

  @Test
  void calls_eachDenied_nameThePermission_andAllGoesOnOnceGranted() {
    List<String> denied = new CopyOnWriteArrayList<>();
    calls.forEach(
        call ->
            proxy.next(
                call,
                forward -> {
                  denied.add(call);
                  return CallProxy.denied().answer(forward);
                }));
    Life life = new Life();
    Set<String> seen = new LinkedHashSet<>();
    for (Runnable step : life.steps()) {
      boolean done = false;
      while (!done) {
        denied.clear();
        said.steps.clear();
        String told = "";
        try {
          step.run();
          done = true;
        } catch (YunpipeException e) {
          told = String.valueOf(e.getMessage());
          assertThat(denied).anyMatch(call -> !TOLERATED.contains(call));
        }
        for (String call : denied) {
          assertThat(told + said.steps).as(call).contains(permission(call));
        }
        seen.addAll(denied);
      }
    }
    // Which calls there are was learnt without a denial.
    assertThat(seen).containsExactlyInAnyOrderElementsOf(calls);
    life.assertGone();
  }

  private static String permission(String call) {
    return switch (call) {
      case "GetCallerIdentity" -> "sts:" + call;
      case "DescribeVpcs", "DescribeSubnets" -> "ec2:" + call;
      case "CreateServiceLinkedRole" -> "iam:" + call;
      case "GetServiceQuota" -> "servicequotas:" + call;
      case "GetResources" -> "tag:" + call;
      case "HEAD bucket" -> "s3:ListBucket";
      case "GET bucket?tagging" -> "s3:GetBucketTagging";
      case "GET bucket?notification" -> "s3:GetBucketNotification";
      case "PUT bucket?notification" -> "s3:PutBucketNotification";
      case "GET bucket?versions", "GET bucket?max-keys" -> "s3:ListBucketVersions";
      case "GET bucket?uploads" -> "s3:ListBucketMultipartUploads";
      case "DELETE bucket" -> "s3:DeleteBucket";
      case "HEAD object" -> "s3:GetObject";
      case "PUT object" -> "s3:PutObject";
      default -> "cloudformation:" + call;
    };
  }
}
