package io.yunpipe.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.cli.Main;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
  // In code only: "`yunpipe run`", "$ ./yunpipe run", or the first word of a line of a block.
  private static final Pattern VERB =
      Pattern.compile("(?:`|^\\s*(?:\\$ )?)(?:\\./)?yunpipe ([a-z][a-z-]*)\\b", Pattern.MULTILINE);

  @Test
  void links_ofAllDocuments_leadSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Path document : Documents.all()) {
      String text = Documents.read(document);
      Matcher link = LINK.matcher(text);
      while (link.find()) {
        if (!leads(document, link.group(1))) {
          broken.add(Documents.ROOT.relativize(document) + ": " + link.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leads(Path document, String link) {
    if (URI.create(link).getScheme() != null) {
      return true;
    }
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
    return Files.exists(target)
        && (parts.length == 1 || anchors(Documents.read(target)).contains(parts[1]));
  }

  private static Set<String> anchors(String text) {
    Set<String> anchors = new TreeSet<>();
    Pattern.compile("^#+ (.*)$", Pattern.MULTILINE)
        .matcher(text)
        .results()
        .forEach(
            heading ->
                anchors.add(
                    heading
                        .group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-')));
    return anchors;
  }

  @Test
  void commands_inAllDocuments_exist() {
    Set<String> verbs = new TreeSet<>();
    for (Path document : Documents.all()) {
      VERB.matcher(Documents.read(document)).results().forEach(found -> verbs.add(found.group(1)));
    }
    assertThat(verbs).contains("demo", "run", "status");
    assertThat(verbs.stream().filter(verb -> Main.execute(verb, "--help") != 0)).isEmpty();
  }
}
