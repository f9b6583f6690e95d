package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import io.yunpipe.ConfigurationException;
import io.yunpipe.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A folder for pipeline files, and what is read from them. */
abstract class PipelineFiles {
  @TempDir Path folder;

  final Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  final List<Stage> stages(String text) throws IOException {
    return Golden.load(write("p.conf", text)).definition().workflow().stages();
  }

  final void assertProblems(String text, String... problems) throws IOException {
    Path file = write("p.conf", text);
    assertThatThrownBy(() -> Golden.load(file))
        .isInstanceOf(ConfigurationException.class)
        .extracting(e -> ((ConfigurationException) e).problems(), list(String.class))
        .containsExactly(
            List.of(problems).stream()
                .map(problem -> file + (problem.startsWith(":") ? "" : ": ") + problem)
                .toArray(String[]::new));
  }
}
