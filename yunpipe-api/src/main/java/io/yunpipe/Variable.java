package io.yunpipe;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A variable that a workflow may set for an algorithm; it reaches the algorithm as an environment
 * variable and as {@code $NAME} or {@code ${NAME}} inside command tokens.
 *
 * @param name name of an environment variable
 * @param required whether a workflow must set it
 * @param defaultValue value when a workflow does not set it, or null for none
 */
public record Variable(String name, boolean required, @Nullable String defaultValue) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if the name is not one of an environment variable, is taken by
   *     yunpipe, or a required variable has a default
   */
  public Variable {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "variable name must match " + NAME + ", but was \"" + name + "\"");
    }
    if (name.equals("input") || name.equals("output")) {
      throw new IllegalArgumentException("variable name \"" + name + "\" is taken by yunpipe");
    }
    if (required && defaultValue != null) {
      throw new IllegalArgumentException(
          "variable " + name + " is required, so a default would never be used");
    }
  }
}
