package io.yunpipe.aws.template;

import static io.yunpipe.aws.template.RoleCalls.KEYS;
import static io.yunpipe.aws.template.RoleCalls.RUN;
import static io.yunpipe.aws.template.RoleCalls.once;
import static io.yunpipe.aws.template.RoleCalls.role;
import static io.yunpipe.aws.template.RoleCalls.s3;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.aws.template.PolicyEvaluator.Call;
import io.yunpipe.internal.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Facts of a run are written once: by whom they may be, and by whom not. */
class FactPermissionsTest {
  private static final Keys AGAIN = new Keys(RUN, 12);

  private static String[] facts(Keys keys) {
    return new String[] {
      keys.plan(),
      keys.done("detect", "000000", "~-000000"),
      keys.failed("detect") + "000000/abc",
      keys.fail("detect", "abc", 1),
      keys.cancelled(),
      keys.plan().replace("run.json", "DONE"),
      keys.plan().replace("run.json", "sdone/detect/000000"),
      keys.plan().replace("run.json", "stage/detect"),
      keys.plan().replace("run.json", "pub/detect")
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"job", "router", "user"})
  void facts_areWrittenOnlyIfAbsent_andNeverRemoved(String role) {
    for (Keys keys : new Keys[] {KEYS, AGAIN}) {
      for (String fact : facts(keys)) {
        assertThat(role(role).allows(once(fact, role))).as("create %s", fact).isTrue();
        assertThat(role(role).allows(s3("PutObject", fact, role))).as("replace %s", fact).isFalse();
        assertThat(role(role).allows(s3("DeleteObject", fact, role)))
            .as("remove %s", fact)
            .isFalse();
        assertThat(role(role).allows(s3("DeleteObjectVersion", fact, role))).isFalse();
      }
    }
  }

  @Test
  void facts_inABucketThatIsNotOurs_areKeptByTheRoles() {
    Specs given = Specs.of(Engine.BATCH, Capacity.FARGATE);
    given.owned = false;
    String bucket = "arn:aws:s3:::my-lab/";
    for (String fact : facts(KEYS)) {
      Call put = Call.of("s3:PutObject", bucket + fact).with("s3:ObjectCreationOperation", "true");
      assertThat(role(given, "job").allows(put)).as(fact).isFalse();
      assertThat(role(given, "job").allows(put.with("s3:if-none-match", "*"))).isTrue();
      assertThat(role(given, "job").allows(Call.of("s3:DeleteObject", bucket + fact))).isFalse();
    }
  }

  /** Names in outputs are the user's: they must not be taken for facts. */
  @ParameterizedTest
  @ValueSource(strings = {"done/x", "run.json", "DONE", "a/stage/b", "gen/2/done/y", "CANCELLED"})
  void outputs_namedLikeFacts_areWrittenAndRemoved(String name) {
    for (Keys keys : new Keys[] {KEYS, AGAIN}) {
      String key = keys.out("detect", "abc", "1") + "/" + name;
      assertThat(role("job").allows(s3("PutObject", key, "job"))).isTrue();
      assertThat(role("job").allows(s3("DeleteObject", key, "job"))).isTrue();
    }
  }

  @Test
  void factsOfAStageNamedOut_areNotRemoved() {
    String fact = KEYS.done("out", "000000", "~-000000");
    assertThat(role("job").allows(s3("DeleteObject", fact, "job"))).isFalse();
  }

  @Test
  void bucket_withoutTls_servesNobody() {
    Call get = s3("GetObject", KEYS.plan(), "job");
    assertThat(role("job").allows(get)).isTrue();
    assertThat(role("job").allows(get.with("aws:SecureTransport", "false"))).isFalse();
  }
}
