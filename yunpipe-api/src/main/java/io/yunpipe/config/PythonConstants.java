package io.yunpipe.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Python file of constants without Python: lines of {@code NAME = 'text'}, where texts and
 * names before may be joined with +.
 */
final class PythonConstants {
  record Constant(String text, Where where) {}

  private static final Pattern LINE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*=(.*)");
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|([A-Za-z0-9_.]+))\\s*");

  private final Path file;
  private final Problems problems;
  private final Map<String, Constant> constants = new LinkedHashMap<>();

  private PythonConstants(Path file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  static Map<String, Constant> read(Path file, String text, Problems problems) {
    PythonConstants reader = new PythonConstants(file, problems);
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
        reader.readLine(line.strip(), new Where(file.toString(), number));
      }
    }
    return reader.constants;
  }

  private void readLine(String line, Where where) {
    Matcher match = LINE.matcher(line);
    if (!match.matches()) {
      problems.add(where, "expected NAME = 'text', but found: " + line);
      return;
    }
    String text = value(match.group(2), where);
    if (text != null) {
      constants.put(match.group(1), new Constant(text, where));
    }
  }

  private @Nullable String value(String expression, Where where) {
    StringBuilder text = new StringBuilder();
    Matcher term = TERM.matcher(expression);
    int at = 0;
    while (term.region(at, expression.length()).lookingAt()) {
      String part = part(term, where);
      if (part == null) {
        return null;
      }
      text.append(part);
      at = term.end();
      if (at == expression.length() || expression.charAt(at) == '#') {
        return text.toString();
      }
      if (expression.charAt(at) != '+') {
        break;
      }
      at++;
    }
    problems.add(
        where,
        "expected texts in quotes or names set before, joined with +, but found: "
            + expression.strip());
    return null;
  }

  private @Nullable String part(Matcher term, Where where) {
    String quoted = term.group(1) == null ? term.group(2) : term.group(1);
    if (quoted != null) {
      return unescape(quoted);
    }
    String name = term.group(3);
    Constant constant = constants.get(name);
    if (constant != null) {
      return constant.text();
    }
    if (Values.number(name) != null || name.equals("True") || name.equals("False")) {
      return name;
    }
    problems.add(
        where,
        "there is no constant '"
            + name
            + "' before this line of "
            + file.getFileName()
            + Nearest.clause(name, constants.keySet()));
    return null;
  }

  /** As Python reads it: a backslash before a letter that means nothing stays. */
  private static String unescape(String quoted) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c != '\\' || i + 1 == quoted.length()) {
        text.append(c);
        continue;
      }
      char next = quoted.charAt(++i);
      switch (next) {
        case '\\', '\'', '"' -> text.append(next);
        case 'n' -> text.append('\n');
        case 't' -> text.append('\t');
        case 'r' -> text.append('\r');
        default -> text.append(c).append(next);
      }
    }
    return text.toString();
  }
}
