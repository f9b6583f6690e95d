package io.yunpipe.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.aws.sqs.SqsQueues;
import org.junit.jupiter.api.Test;

class QueueNamesTest {
  @Test
  void queues_ofOtherPipelines_haveOtherNames() {
    assertThat(QueueNames.ofStage("yunpipe-", "a-b", "c")).isEqualTo("yunpipe-a-b_c");
    assertThat(QueueNames.ofStage("yunpipe-", "a", "b-c")).isEqualTo("yunpipe-a_b-c");
    assertThat(QueueNames.ofStage("yunpipe-", "a", "b-c"))
        .doesNotStartWith(QueueNames.ofPipeline("yunpipe-", "a-b"));
  }

  @Test
  void names_thatAreLong_areShortenedAndStayApart() {
    String name = "x".repeat(62);
    String first = QueueNames.ofStage("p".repeat(QueueNames.MAX_PREFIX), name + "1", name + "1");
    String second = QueueNames.ofStage("p".repeat(QueueNames.MAX_PREFIX), name + "1", name + "2");
    assertThat(first).isNotEqualTo(second).hasSizeLessThanOrEqualTo(80);
    assertThat(first + SqsQueues.DEAD).hasSize(SqsQueues.MAX_NAME);
    assertThat(first).startsWith(QueueNames.ofPipeline("p".repeat(14), name + "1"));
  }
}
