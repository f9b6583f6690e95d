package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptCommandTest {
  @TempDir Path folder;

  @Test
  void script_chainWithLeadingDots_isOneStatement() throws IOException {
    Cli run =
        script(
            """
            #!/usr/bin/env -S yunpipe script
            // Three numbers.
            var sorted = List.of(3, 1, 2)
                // in order
                .stream()
                .sorted()
                .toList()

            System.out.println(sorted)
            int x = 5
            x = x
                + 1;
            if (x > 6) System.out.println("more");
            else System.out.println("x is " + x);
            """);
    assertThat(run).isEqualTo(new Cli(0, "[1, 2, 3]\nx is 6\n", ""));
  }

  @Test
  void script_arguments_areArgs() throws IOException {
    Cli run = script("System.out.print(String.join(\"|\", args));", "a \"b\"", "--n", "3", "\\ü\n");
    assertThat(run).isEqualTo(new Cli(0, "a \"b\"|--n|3|\\ü\n", ""));
  }

  @Test
  void script_declaresArguments_givenOnesReplaceThem() throws IOException {
    String text =
        """
        String[] args = {"default"};
        System.out.print(String.join("|", args));
        """;
    assertThat(script(text)).isEqualTo(new Cli(0, "default", ""));
    assertThat(script(text, "given", "too")).isEqualTo(new Cli(0, "given|too", ""));
  }

  @Test
  void script_library_isImportedAndReachable() throws IOException {
    Cli run =
        script(
            """
            var edges = Algorithm.command("edges", "java Edges.java $input $output");
            System.out.println(Stage.builder(edges).build().name());
            """);
    assertThat(run).isEqualTo(new Cli(0, "edges\n", ""));
  }

  @Test
  void script_methodsInAnyOrder_findEachOther() throws IOException {
    Cli run =
        script(
            """
            int twice(int n) { return 2 * once(n); }
            int once(int n) { return n; }
            record Point(int x, int y) {}
            System.out.println(twice(4) + " " + new Point(1, 2));
            """);
    assertThat(run).isEqualTo(new Cli(0, "8 Point[x=1, y=2]\n", ""));
  }

  @Test
  void script_syntaxError_isToldBeforeAnythingRuns() throws IOException {
    Cli run =
        script(
            """
            System.out.println("started");
            for (int i = 0; i < 3; i++) {
              System.out.println(i;
            }
            """);
    assertThat(run)
        .isEqualTo(
            new Cli(
                2,
                "",
                """
                %s:3: error: ')' or ',' expected
                    System.out.println(i;
                                        ^
                """
                    .formatted(file())
                    .replace("')' or ','", run.err().contains("or ','") ? "')' or ','" : "')'")));
  }

  @Test
  void script_unknownName_isToldWithLine() throws IOException {
    Cli run = script("int a = 1;\n\nint b =\n    twice(a);\n");
    assertThat(run)
        .isEqualTo(
            new Cli(
                2,
                "",
                """
                %s:4: error: cannot find symbol
                      twice(a);
                      ^
                  symbol:   method twice(int)
                """
                    .formatted(file())));
  }

  @Test
  void script_endsTooEarly_isACompileError() throws IOException {
    Cli run = script("int a = 3;\nvoid f() {\n");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith(file() + ":2: error: reached end of file while parsing");
  }

  @Test
  void script_methodNeverDefined_isACompileError() throws IOException {
    Cli run = script("void f() { missing(); }\n");
    assertThat(run)
        .isEqualTo(
            new Cli(
                2,
                "",
                file() + ":1: error: f needs what the script has not defined: method missing()\n"));
  }

  @Test
  void script_exception_hasTheScriptsLines() throws IOException {
    Cli run =
        script(
            """
            void down(int n) {
              if (n == 0) {
                throw new IllegalStateException("at the end", new java.io.IOException("why"));
              }
              down(n - 1);
            }

            System.out.println("before");
            down(1);
            System.out.println("after");
            """);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("before\n");
    assertThat(run.err())
        .isEqualTo(
            """
            Exception java.lang.IllegalStateException: at the end
            \tat down (%1$s:3)
            \tat down (%1$s:5)
            \tat %1$s:9
            Caused by: java.io.IOException: why
            \tat down (%1$s:3)
            \tat down (%1$s:5)
            \tat %1$s:9
            """
                .formatted(file()));
  }

  @Test
  void script_exitLine_isTheExitCode() throws IOException {
    assertThat(script("int a = 1\n/set feedback silent\n/exit 7\nSystem.out.println(a);\n"))
        .isEqualTo(new Cli(7, "", ""));
    assertThat(script("/exit\n").code()).isZero();
  }

  @Test
  void script_otherToolLine_isRefused() throws IOException {
    assertThat(script("/open other.jsh\n"))
        .isEqualTo(
            new Cli(
                2,
                "",
                file()
                    + ":1: error: /open is for the jshell tool; a script may have Java, /exit and"
                    + " /set only\n"));
  }

  @Test
  void script_missingFile_isBadInput() {
    assertThat(Cli.run("script", "nowhere.jsh"))
        .isEqualTo(
            new Cli(2, "", "yunpipe: The script nowhere.jsh does not exist or is no file.\n"));
  }

  @Test
  void script_systemExit_isTheProcesssExitCode() throws Exception {
    Files.writeString(file(), "System.out.println(args[0]);\nSystem.exit(9);\n");
    Process process = Child.start("script", file().toString(), "bye");
    assertThat(process.waitFor()).isEqualTo(9);
    assertThat(process.inputReader().readLine()).isEqualTo("bye");
  }

  private Path file() {
    return folder.resolve("study.jsh");
  }

  private Cli script(String text, String... args) throws IOException {
    Files.writeString(file(), text);
    String[] all = new String[args.length + 2];
    all[0] = "script";
    all[1] = file().toString();
    System.arraycopy(args, 0, all, 2, args.length);
    return Cli.run(all);
  }
}
