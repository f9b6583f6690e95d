package io.yunpipe.e2e.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a batch job sees of a script that goes wrong. */
class ScriptErrorsTest {
  @TempDir Path folder;

  @Test
  void script_doesNotCompile_fileAndLineAndCode2() throws IOException, InterruptedException {
    Child child = script("// one\nint a = 1;\ntwice(a);\n");
    assertThat(child.code()).as(child.all()).isEqualTo(2);
    assertThat(child.err()).contains("study.jsh:3: error: cannot find symbol");
  }

  @Test
  void script_throws_messageAndLineAndCode1() throws IOException, InterruptedException {
    Child child = script("\nthrow new IllegalStateException(\"no light\");\n");
    assertThat(child.code()).as(child.all()).isEqualTo(1);
    assertThat(child.err()).contains("IllegalStateException: no light", "study.jsh:2");
  }

  @Test
  void script_badInput_libraryMessageAndLine() throws IOException, InterruptedException {
    Child child =
        script(
            """
            var copy = Algorithm.function("copy", (in, out) -> out.write("out", in.bytes()));
            try (var pipeline = Pipeline.builder().stage(copy).build()) {
              pipeline.submit(Path.of("nowhere"));
            }
            """);
    assertThat(child.code()).as(child.all()).isEqualTo(1);
    assertThat(child.err()).contains("InvalidInputException", "nowhere", "study.jsh:3");
  }

  @Test
  void script_ownExitCode_isKept() throws IOException, InterruptedException {
    assertThat(script("System.exit(args.length + 5);\n", "a", "b").code()).isEqualTo(7);
    assertThat(script("/exit 4\n").code()).isEqualTo(4);
  }

  private Child script(String text, Object... args) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("study.jsh"), text);
    Object[] all = new Object[args.length + 1];
    all[0] = "study.jsh";
    System.arraycopy(args, 0, all, 1, args.length);
    return Child.script(folder, all);
  }
}
