package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FieldsTest {
  private final Problems problems = new Problems();

  private Fields fields(String text) {
    return new Fields(
        ConfigFactory.parseString(
                text, ConfigParseOptions.defaults().setOriginDescription("a.conf"))
            .root(),
        "",
        problems);
  }

  @Test
  void numbers_asText_stayAsTheyAreWritten() {
    Fields in = fields("a = 1.10, b = 007, c = 1e3, d = true, e = [1.10, 2.0], f { X = 3.140 }");
    assertThat(in.text("a")).isEqualTo("1.10");
    assertThat(in.text("b")).isEqualTo("007");
    assertThat(in.text("c")).isEqualTo("1e3");
    assertThat(in.text("d")).isEqualTo("true");
    assertThat(in.texts("e")).containsExactly("1.10", "2.0");
    assertThat(in.textMap("f")).isEqualTo(Map.of("X", "3.140"));
    in.finish();
    assertThat(problems.count()).isZero();
  }

  @Test
  void absent_orNull_isNoValueAndNoProblem() {
    Fields in = fields("a = null");
    assertThat(in.has("a")).isFalse();
    assertThat(in.text("a", "usual")).isEqualTo("usual");
    assertThat(in.flag("b", true)).isTrue();
    assertThat(in.whole("c")).isNull();
    assertThat(in.list("d")).isEmpty();
    assertThat(problems.count()).isZero();
  }

  @Test
  void amounts_areMib_roundedUp() {
    Fields in = fields("a = 512, b = 512 MiB, c = 2g, d = 1000000, e = 1 MB, f = 1 byte");
    assertThat(in.mib("a")).isEqualTo(512);
    assertThat(in.mib("b")).isEqualTo(512);
    assertThat(in.mib("c")).isEqualTo(2048);
    assertThat(in.mib("d")).isEqualTo(1_000_000);
    assertThat(in.mib("e")).isEqualTo(1);
    assertThat(in.mib("f")).isEqualTo(1);
  }

  @Test
  void values_ofWrongTypes_areAllReportedWithLineAndWhatWasFound() {
    Fields in =
        fields(
            """
            text = [1]
            flag = maybe
            whole = 1.5
            number = { a = 1 }
            time = 60
            size = many
            block = 5
            map { x = [] }
            """);
    assertThat(in.text("text")).isNull();
    assertThat(in.flag("flag")).isNull();
    assertThat(in.whole("whole")).isNull();
    assertThat(in.number("number")).isNull();
    assertThat(in.duration("time")).isNull();
    assertThat(in.mib("size")).isNull();
    assertThat(in.block("block")).isNull();
    assertThat(in.textMap("map")).isEmpty();
    in.finish();
    assertThat(problems.sentences())
        .containsExactly(
            "a.conf:1: text: expected text, but found a list",
            "a.conf:2: flag: expected true or false, but found \"maybe\"",
            "a.conf:3: whole: expected a whole number, but found 1.5",
            "a.conf:4: number: expected a number, but found a block { … }",
            "a.conf:5: time: expected a duration such as 30s, 5m or 2h, but found \"60\"",
            "a.conf:6: size: expected an amount such as 512 MiB or 4 GiB, but found \"many\"",
            "a.conf:7: block: expected a block { … }, but found 5",
            "a.conf:8: map.x: expected text, but found a list");
  }

  @Test
  void attempt_reportsWhatASetterRefuses() {
    Fields in = fields("\ntimeout = -1s");
    in.attempt(
        "timeout",
        () -> {
          throw new IllegalArgumentException("timeout must be positive, but was PT-1S");
        });
    assertThat(problems.sentences())
        .containsExactly("a.conf:2: timeout: timeout must be positive, but was PT-1S");
  }

  @Test
  void key_thatNobodyAsksFor_isReportedWithTheNearestKnownOne() {
    Fields in = fields("outer {\n imgae = x\n timeout = 5s\n}");
    Fields outer = in.block("outer");
    assertThat(outer).isNotNull();
    outer.text("image");
    assertThat(outer.duration("timeout")).isEqualTo(Duration.ofSeconds(5));
    outer.finish();
    assertThat(problems.sentences())
        .containsExactly(
            "a.conf:2: unknown key 'outer.imgae'; did you mean 'image'? Known: image, timeout");
  }

  /** Whatever a block contains: each key is either asked for or reported, and nothing throws. */
  @Test
  void blocks_ofAnyContent_neverThrowAndLoseNoKey() {
    Random random = new Random(11);
    List<String> values =
        List.of(
            "1",
            "1.5",
            "-3",
            "yes",
            "text",
            "[]",
            "[1, x]",
            "{}",
            "{ a = 1 }",
            "null",
            "\"\"",
            "5s",
            "1 GiB",
            "99999999999999999999");
    for (int round = 0; round < 3_000; round++) {
      Problems found = new Problems();
      StringBuilder text = new StringBuilder();
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(6); i++) {
        keys.add("k" + i);
        text.append("k")
            .append(i)
            .append(" = ")
            .append(values.get(random.nextInt(values.size())))
            .append('\n');
      }
      Fields in =
          new Fields(
              ConfigFactory.parseString(
                      text.toString(), ConfigParseOptions.defaults().setOriginDescription("a"))
                  .root(),
              "",
              found);
      int asked = random.nextInt(keys.size() + 1);
      for (String key : keys.subList(0, asked)) {
        switch (random.nextInt(9)) {
          case 0 -> in.text(key);
          case 1 -> in.texts(key);
          case 2 -> in.flag(key);
          case 3 -> in.whole(key);
          case 4 -> in.number(key);
          case 5 -> in.duration(key);
          case 6 -> in.mib(key);
          case 7 -> in.textMap(key);
          default -> in.list(key);
        }
      }
      in.finish();
      for (int i = 0; i < keys.size(); i++) {
        String unknown = "a:" + (i + 1) + ": unknown key '" + keys.get(i) + "'";
        boolean reported =
            found.sentences().stream().anyMatch(sentence -> sentence.startsWith(unknown));
        assertThat(reported).as(text + " asked for " + asked).isEqualTo(i >= asked);
      }
    }
  }
}
