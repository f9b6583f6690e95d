package io.yunpipe.internal.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Input;
import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GroupingTest {
  private static final Pattern READS = Pattern.compile("(.*)_R[12]\\.fq");

  @Test
  void group_ofASize_isReturnedAsSoonAsItIsComplete() {
    List<String> taken = new ArrayList<>();
    Stream<Input> inputs =
        Stream.of("a_R1.fq", "b_R1.fq", "a_R2.fq", "b_R2.fq")
            .peek(taken::add)
            .map(name -> Input.text(name, ""));
    try (Grouping groups = new Grouping(Sources.open(Inputs.of(inputs), null), READS, 2)) {
      ItemGroup first = groups.next();

      assertThat(taken).containsExactly("a_R1.fq", "b_R1.fq", "a_R2.fq");
      assertThat(first.key()).isEqualTo("a");
      assertThat(first.items()).extracting(SourceItem::name).containsExactly("a_R1.fq", "a_R2.fq");
      assertThat(groups.next().key()).isEqualTo("b");
      assertThat(groups.hasNext()).isFalse();
    }
  }

  @Test
  void groups_withoutASize_areReturnedAtTheEnd() {
    assertThat(shown(group(0, "a_R1.fq", "x/b_R1.fq", "a_R2.fq")))
        .containsExactly("a: [a_R1.fq, a_R2.fq]", "x/b: [x/b_R1.fq]");
  }

  @Test
  void name_thatDoesNotMatch_isRefused() {
    refused(
        group(2, "a_R1.fq", "notes.txt"),
        "Could not group the input \"notes.txt\": groupBy \"(.*)_R[12]\\.fq\" does not match its"
            + " whole name. Take the input out, or change the pattern.");
  }

  @Test
  void groups_incomplete_areRefusedWithWhatIsThere() {
    refused(
        group(2, "a_R1.fq", "b_R2.fq", "b_R1.fq", "c_R2.fq"),
        "Could not group the inputs: each group needs 2, but 2 have fewer: "
            + "\"a\" with only \"a_R1.fq\"; \"c\" with only \"c_R2.fq\". "
            + "Add what is missing, or take these inputs out.");
  }

  @Test
  void group_thatGoesOnAfterItsSize_isRefused() {
    Pattern pattern = Pattern.compile("(.)\\d");

    refused(
        new Grouping(reader("a1", "a2", "a3"), pattern, 2),
        "each group needs 2, but 1 has fewer: once more \"a\" with only \"a3\"");
    refused(
        new Grouping(reader("a1", "a2", "a3", "a4"), pattern, 2),
        "the group \"a\" has more than 2, with \"a3\", \"a4\"");
  }

  @Test
  void input_withAProblemThatFitsNoGroup_isOneByItself() {
    Stream<Input> inputs =
        Stream.of(Input.of("lost", Path.of("no-such-file")), Input.text("a_R1.fq", ""));

    assertThat(shown(new Grouping(Sources.open(Inputs.of(inputs), null), READS, 0)))
        .containsExactly("lost: [lost]", "a: [a_R1.fq]");
  }

  @Test
  void key_thatCannotNameAJob_isRefused() {
    refused(group(0, "_R1.fq"), "finds \"\", which cannot name a job. Change the pattern.");
    refused(
        new Grouping(reader("ab"), Pattern.compile("(x)?.*"), 0), "finds nothing, which cannot");
    refused(new Grouping(reader("a/b"), Pattern.compile("(.*/).*"), 0), "finds \"a/\", which");
  }

  private static Grouping group(int size, String... names) {
    return new Grouping(reader(names), READS, size);
  }

  private static SourceReader reader(String... names) {
    return Sources.open(Inputs.of(Stream.of(names).map(name -> Input.text(name, ""))), null);
  }

  private static List<String> shown(Grouping groups) {
    List<String> shown = new ArrayList<>();
    groups.forEachRemaining(group -> shown.add(group.key() + ": " + group.items()));
    return shown;
  }

  private static void refused(Grouping groups, String message) {
    assertThatThrownBy(() -> shown(groups))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }
}
