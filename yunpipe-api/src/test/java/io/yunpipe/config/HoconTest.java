package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoconTest {
  private static final String QUOTE =
      ":2: text with signs such as : * ? $ must be quoted; quote it: ";

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private List<String> problems(Path file) {
    Problems problems = new Problems();
    Config content = Hocon.parse(file, problems);
    assertThat(content == null).isEqualTo(problems.count() > 0);
    return problems.sentences();
  }

  @Test
  void file_thatIsMissing_isAProblemAndNotAnEmptyFile() {
    Path file = folder.resolve("none.conf");
    assertThat(problems(file)).containsExactly(file + ": there is no such file");
    assertThat(problems(folder))
        .containsExactly(folder + ": expected a file, but found a folder or device");
  }

  @Test
  void file_thatIsNotUtf8_isAProblem() throws IOException {
    Path file = Files.write(folder.resolve("a.conf"), new byte[] {'a', '=', (byte) 0xe4, '\n'});
    assertThat(problems(file))
        .containsExactly(file + ": cannot be read as UTF-8; save it in that encoding");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "image = ubuntu:24.04 | image = \"ubuntu:24.04\"",
        "select = *.csv | select = \"*.csv\"",
        "command = java X.java $input | command = \"java X.java $input\"",
        "pattern = (.*)_R[12].fq | pattern = \"(.*)_R[12].fq\"",
        "folder = C:\\data | folder = \"C:\\\\data\"",
      },
      delimiter = '|')
  void value_withSignsUnquoted_isAProblemThatShowsTheQuotedLine(String line, String quoted)
      throws IOException {
    Path file = write("a.conf", "x = 1\n" + line + "\n");
    assertThat(problems(file)).containsExactly(file + QUOTE + quoted);
  }

  @Test
  void address_unquoted_isAProblemSinceItsRestWouldBeAComment() throws IOException {
    Path file =
        write("a.conf", "input = s3://bucket/key\npath = data//raw\ncolour = #fff\ntag = a#b\n");
    assertThat(problems(file))
        .containsExactly(
            file
                + ":1: // begins a comment here; quote the value if it belongs to it, or put a blank before",
            file
                + ":2: // begins a comment here; quote the value if it belongs to it, or put a blank before",
            file
                + ":3: # begins a comment here; quote the value if it belongs to it, or put a blank before",
            file
                + ":4: # begins a comment here; quote the value if it belongs to it, or put a blank before");
  }

  @Test
  void comments_andQuotedSigns_areNoProblem() throws IOException {
    Path file =
        write(
            "a.conf",
            "# one\na = \"s3://b#c\" // two\nb = [1, 2]# three\nc = \"\"\"\nx//y \" #z\n\"\"\"\nd = 5 # four\n{}");
    assertThat(problems(write("b.conf", "a = \"\\\"//\"\n//x\n# \"open\nb {}// y\n"))).isEmpty();
    assertThat(problems(file)).hasSize(1).first().asString().startsWith(file + ":8: ");
  }

  @Test
  void substitution_withoutValue_isAProblemWithBothRemedies() throws IOException {
    Path file = write("a.conf", "command = ls ${input}\n");
    assertThat(problems(file))
        .containsExactly(
            file
                + ":1: there is no value for ${input}; define it, or quote the text if it is meant as it stands");
  }

  @Test
  void brace_leftOpen_isAProblemWithItsLine() throws IOException {
    Path file = write("a.conf", "a {\n  b = [1\n  c = 2\n");
    assertThat(problems(file)).containsExactly(file + ":2: this [ is never closed");
  }

  @Test
  void quote_leftOpen_isAProblemWithItsLine() throws IOException {
    Path file = write("a.conf", "a = \"x\nb = \"\"\"\ny\n");
    assertThat(problems(file))
        .containsExactly(
            file + ":1: a quote is opened and not closed on this line",
            file + ":2: this \"\"\" is never closed");
  }

  @Test
  void nesting_withoutEnd_isAProblemAndNoStackOverflow() throws IOException {
    Path file = write("a.conf", "a = " + "[".repeat(200_000));
    assertThat(problems(file)).containsExactly(file + ":1: nested deeper than 100 levels");
  }

  @Test
  void include_ofAFileBeside_isRead() throws IOException {
    write("b.conf", "x = 1.10");
    Path file = write("a.conf", "include \"b.conf\"\ny = ${x}\n");
    Config content = Hocon.parse(file, new Problems());
    assertThat(content).isNotNull();
    assertThat(content.getString("y")).isEqualTo("1.10");
  }

  @Test
  void include_ofAMissingFileOrAnAddress_isAProblem() throws IOException {
    Path missing = write("a.conf", "include \"none.conf\"\n");
    assertThat(problems(missing)).hasSize(1).first().asString().contains("none.conf");
    Path address = write("b.conf", "include url(\"http://localhost:1/x.conf\")\n");
    assertThat(problems(address))
        .containsExactly(
            address
                + ": include of http://localhost:1/x.conf is refused; only files of this machine can be included");
    Path guessed = write("c.conf", "include \"http://localhost:1/x.conf\"\n");
    assertThat(problems(guessed))
        .containsExactly(
            guessed
                + ": include of http://localhost:1/x.conf is refused; only files of this machine can be included");
  }
}
