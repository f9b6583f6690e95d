package io.yunpipe.aws.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.aws.sqs.SqsQueues;
import org.junit.jupiter.api.Test;

class StackNamesTest {
  @Test
  void queues_ofOtherPipelines_haveOtherNames() {
    assertThat(new StackNames("yunpipe-", "a-b").ofStage("c")).isEqualTo("yunpipe-a-b_c");
    assertThat(new StackNames("yunpipe-", "a").ofStage("b-c")).isEqualTo("yunpipe-a_b-c");
    assertThat(new StackNames("yunpipe-", "a").ofStage("b-c"))
        .doesNotStartWith(new StackNames("yunpipe-", "a-b").queues());
  }

  @Test
  void names_thatAreLong_areShortenedAndStayApart() {
    String name = "x".repeat(62);
    StackNames names = new StackNames("p".repeat(StackNames.MAX_PREFIX), name + "1");
    String first = names.ofStage(name + "1");
    String second = names.ofStage(name + "2");
    assertThat(first).isNotEqualTo(second).hasSizeLessThanOrEqualTo(80);
    assertThat(first + SqsQueues.DEAD).hasSize(SqsQueues.MAX_NAME);
    assertThat(first).startsWith(names.queues());
    // Functions and buckets have the least room.
    assertThat(names.router()).hasSizeLessThanOrEqualTo(64);
    assertThat(names.bucket(new Account("aws", "123456789012", "ap-southeast-1")))
        .hasSizeLessThanOrEqualTo(63)
        .matches("[a-z0-9][a-z0-9-]*[a-z0-9]");
  }
}
