package io.yunpipe.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What single values mean. */
final class Values {
  private static final long MIB = 1 << 20;
  private static final Pattern PLAIN_NUMBER = Pattern.compile("[-+]?\\d+(\\.\\d+)?");

  private Values() {}

  /**
   * Returns a value as it is written: {@code 1.10} stays {@code 1.10}, where rendering would make
   * it 1.1.
   *
   * @throws ConfigException if it is a list, a block or null
   */
  static String text(ConfigValue value) {
    return value.atKey("value").getString("value");
  }

  /** Returns a value as a message shows it. */
  static String describe(ConfigValue value) {
    return switch (value.valueType()) {
      case OBJECT -> "a block { … }";
      case LIST -> "a list";
      case NULL -> "null";
      case STRING -> "\"" + value.unwrapped() + "\"";
      case NUMBER, BOOLEAN -> text(value);
    };
  }

  static boolean isScalar(ConfigValue value) {
    ConfigValueType type = value.valueType();
    return type != ConfigValueType.OBJECT && type != ConfigValueType.LIST;
  }

  /** Returns a text with {@code ~/} at its start replaced by the user's home. */
  static String atHome(String text) {
    return text.startsWith("~/") ? System.getProperty("user.home", "~") + text.substring(1) : text;
  }

  static @Nullable Boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> null;
    };
  }

  static @Nullable Long whole(String text) {
    try {
      return Long.valueOf(text.trim());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static @Nullable Double number(String text) {
    try {
      double number = Double.parseDouble(text.trim());
      return Double.isFinite(number) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static @Nullable Long mib(String text) {
    String trimmed = text.trim();
    String withUnit = PLAIN_NUMBER.matcher(trimmed).matches() ? trimmed + " MiB" : trimmed;
    try {
      long bytes = ConfigValueFactory.fromAnyRef(withUnit).atKey("value").getBytes("value");
      return bytes < 0 ? null : bytes / MIB + (bytes % MIB == 0 ? 0 : 1);
    } catch (ConfigException e) {
      return null;
    }
  }
}
