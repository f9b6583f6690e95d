package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/configuration.md shows must load. */
class PipelineDocumentTest extends PipelineFiles {
  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");
  private static final Pattern BLOCK = Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL);

  @Test
  void examples_load() throws IOException {
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(DOCUMENT))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(blocks).hasSize(3);
    assertThat(stages(blocks.get(0)))
        .extracting(Stage::name)
        .containsExactly("smooth", "pieces", "segment", "marks", "names", "both", "summary");
    String algorithms =
        "algorithms { smooth = ls, segment { command = ls, ports = [9090], variables { SEED = 1 } } }\n";
    assertThat(stages(algorithms + blocks.get(1))).hasSize(2);
    assertThat(stages(blocks.get(2)).get(0).algorithm().zippedOutput()).contains("blurred.png");
  }

  @Test
  void settings_ofTheTable_areThoseOfTheLocalBackend() throws IOException {
    Path reference = Path.of("..", "yunpipe-local", "src", "main", "resources", "reference.conf");
    Schema schema = Schema.of(Objects.requireNonNull(Hocon.parse(reference, new Problems())));
    assertThat(schema.defaults()).hasSize(7);
    String document = Files.readString(DOCUMENT);
    schema
        .defaults()
        .forEach(
            (path, value) -> {
              String text = Values.text(value);
              assertThat(document)
                  .contains("| `" + path + "` | `" + (text.isEmpty() ? "\"\"" : text) + "` |");
            });
  }
}
