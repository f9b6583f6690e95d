package io.yunpipe.wrap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way in which a registry may be asked: {@code WWW-Authenticate}.
 *
 * @param scheme in lower case, such as {@code bearer}
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final int MAX = 8 << 10;
  private static final int MAX_HEADERS = 8;

  /** A parameter of the scheme before it, or else a scheme; all are separated by commas. */
  private static final Pattern PART =
      Pattern.compile(
          "\\G[\\s,]*+(?:([A-Za-z_-]++)\\s*+=\\s*+(?:\"([^\"]*+)\"|([^,\\s\"]++))|([A-Za-z-]++))");

  /** Reads all that an answer offers: in several headers, or in one. */
  static List<Challenge> all(List<String> headers) {
    List<Challenge> all = new ArrayList<>();
    for (String header : headers.subList(0, Math.min(headers.size(), MAX_HEADERS))) {
      Matcher part = PART.matcher(header.substring(0, Math.min(header.length(), MAX)));
      Map<String, String> parameters = new LinkedHashMap<>();
      while (part.find()) {
        if (part.group(4) != null) {
          parameters = new LinkedHashMap<>();
          all.add(new Challenge(part.group(4).toLowerCase(Locale.ROOT), parameters));
        } else {
          String value = part.group(2) == null ? part.group(3) : part.group(2);
          parameters.putIfAbsent(part.group(1).toLowerCase(Locale.ROOT), value);
        }
      }
    }
    return all;
  }

  /** Returns the one to answer: a token shows the password to fewer. Empty if none is known. */
  static Optional<Challenge> best(List<String> headers) {
    List<Challenge> all = all(headers);
    return all.stream()
        .filter(one -> one.scheme().equals("bearer") && !one.parameter("realm").isEmpty())
        .findFirst()
        .or(() -> all.stream().filter(one -> one.scheme().equals("basic")).findFirst());
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
