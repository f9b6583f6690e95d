package io.yunpipe.wrap;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry wants to be asked: {@code WWW-Authenticate}.
 *
 * @param scheme in lower case, such as {@code bearer}
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final int MAX = 8 << 10;
  private static final Pattern FORM = Pattern.compile("\\s*([A-Za-z]+)(?:\\s+(.*))?");
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z_]+)=(?:\"([^\"]*)\"|([^,\\s]+))");

  static Challenge of(String header) {
    Matcher form = FORM.matcher(header.substring(0, Math.min(header.length(), MAX)));
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!form.matches()) {
      return new Challenge("", parameters);
    }
    if (form.group(2) != null) {
      Matcher parameter = PARAMETER.matcher(form.group(2));
      while (parameter.find()) {
        String value = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
        parameters.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), value);
      }
    }
    return new Challenge(form.group(1).toLowerCase(Locale.ROOT), parameters);
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
