package io.yunpipe.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses a file of HOCON or JSON; what is wrong becomes problems with line and remedy. */
final class Hocon {
  private static final long LARGEST = 4 << 20;
  private static final Pattern UNQUOTED =
      Pattern.compile("^[\\s{]*([\\w.\"-]+)\\s*[=:]\\s*([^\"\\[{\\s][^\"]*?)[\\s,}]*$");
  private static final Pattern SIGNS = Pattern.compile("[:*?$&^!@`+\\\\]");

  private Hocon() {}

  /** Returns the file's text, or null after adding a problem. */
  static @Nullable String text(Path file, Problems problems) {
    try {
      if (!Files.exists(file)) {
        problems.add(Where.of(file), "there is no such file");
      } else if (!Files.isRegularFile(file)) {
        problems.add(Where.of(file), "expected a file, but found a folder or device");
      } else if (Files.size(file) > LARGEST) {
        problems.add(
            Where.of(file), "expected at most 4 MiB, but found " + Files.size(file) + " bytes");
      } else {
        return Files.readString(file, StandardCharsets.UTF_8);
      }
    } catch (CharacterCodingException e) {
      problems.add(Where.of(file), "cannot be read as UTF-8; save it in that encoding");
    } catch (IOException e) {
      problems.add(Where.of(file), "cannot be read: " + e);
    }
    return null;
  }

  /** Returns the content with substitutions done, or null after adding a problem. */
  static @Nullable Config parse(Path file, Problems problems) {
    String text = text(file, problems);
    if (text == null) {
      return null;
    }
    int before = problems.count();
    HoconScan.check(file.toString(), text, problems);
    if (problems.count() > before) {
      return null;
    }
    try {
      ConfigParseOptions options =
          ConfigParseOptions.defaults()
              .setSyntax(ConfigSyntax.CONF)
              .setAllowMissing(false)
              .setIncluder(new FileIncluder());
      return ConfigFactory.parseFile(file.toFile(), options).resolve();
    } catch (ConfigException.UnresolvedSubstitution e) {
      problems.add(
          where(e, file),
          message(e)
                  .replace("Could not resolve substitution to a value: ", "there is no value for ")
              + "; define it, or quote the text if it is meant as it stands");
    } catch (ConfigException e) {
      problems.add(where(e, file), remedy(e, text));
    }
    return null;
  }

  private static Where where(ConfigException e, Path file) {
    ConfigOrigin origin = e.origin();
    return origin == null ? Where.of(file) : Where.of(origin);
  }

  private static String remedy(ConfigException e, String text) {
    ConfigOrigin origin = e.origin();
    String line =
        origin == null || origin.lineNumber() < 1
            ? ""
            : text.lines().skip(origin.lineNumber() - 1L).findFirst().orElse("");
    Matcher found = UNQUOTED.matcher(line);
    if (found.matches() && SIGNS.matcher(found.group(2)).find()) {
      return "text with signs such as : * ? $ must be quoted; quote it: "
          + found.group(1)
          + " = \""
          + found.group(2).replace("\\", "\\\\").replace("\"", "\\\"")
          + "\"";
    }
    return line.contains("include")
        ? message(e)
        : message(e).replace("expecting a close parentheses ')' here, not:", "Unexpected");
  }

  /** The parser's message without the place, which is told apart, and without its guess. */
  private static String message(ConfigException e) {
    String text = String.valueOf(e.getMessage());
    ConfigOrigin origin = e.origin();
    if (origin != null && text.startsWith(origin.description() + ": ")) {
      text = text.substring(origin.description().length() + 2);
    }
    int guess = text.indexOf(" (if you ");
    return guess < 0 ? text : text.substring(0, guess);
  }
}
