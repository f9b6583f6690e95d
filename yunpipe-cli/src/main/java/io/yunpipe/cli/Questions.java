package io.yunpipe.cli;

import io.yunpipe.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks on standard error and reads answers, line by line, from a person or a pipe. */
final class Questions {
  private final BufferedReader answers;

  Questions(InputStream in) {
    answers = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
  }

  /** Asks for text; an empty answer means the default. */
  String text(String question, String defaultAnswer) {
    String shown = defaultAnswer.isEmpty() ? "" : " [" + defaultAnswer + "]";
    String answer = read(question + shown + ": ");
    return answer.isEmpty() ? defaultAnswer : answer;
  }

  /**
   * Asks until the answer can be understood.
   *
   * @param parse throws {@link IllegalArgumentException}, with what is wrong, for a bad answer
   */
  <T> T value(String question, String defaultAnswer, Function<String, T> parse) {
    while (true) {
      try {
        return parse.apply(text(question, defaultAnswer));
      } catch (IllegalArgumentException e) {
        Messages.say("  " + e.getMessage());
      }
    }
  }

  /** Asks for a whole number. */
  long number(String question, @Nullable Long defaultAnswer, long least) {
    return value(
        question,
        defaultAnswer == null ? "" : defaultAnswer.toString(),
        answer -> number(answer, least));
  }

  /** Asks for yes or no. */
  boolean yesOrNo(String question, boolean defaultAnswer) {
    while (true) {
      String answer =
          read(question + (defaultAnswer ? " [Y/n]: " : " [y/N]: ")).toLowerCase(Locale.ROOT);
      if (answer.isEmpty()) {
        return defaultAnswer;
      }
      if (answer.equals("y") || answer.equals("yes")) {
        return true;
      }
      if (answer.equals("n") || answer.equals("no")) {
        return false;
      }
      Messages.say("  Answer y or n.");
    }
  }

  private static long number(String answer, long least) {
    try {
      long number = Long.parseLong(answer);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The message below fits.
    }
    throw new IllegalArgumentException(
        "Answer a whole number of at least " + least + ", not \"" + answer + "\".");
  }

  private String read(String prompt) {
    System.err.print(prompt);
    System.err.flush();
    try {
      String answer = answers.readLine();
      if (answer == null) {
        System.err.println();
        throw new InvalidInputException(
            "The answers ended at the question \"" + prompt.strip() + "\".");
      }
      return answer.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
