package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import io.yunpipe.BackendException;
import java.io.IOException;

/** What a registry refused, in words. */
final class RegistryErrors {
  private static final int MAX_BYTES = 64 << 10;

  private RegistryErrors() {}

  static String signIn(String registry) {
    return "Sign in with an account that may do this: docker login "
        + (registry.equals(ImageReference.HUB) ? "" : registry);
  }

  /**
   * Says it.
   *
   * @param what was attempted, as in "push blob sha256:…"
   * @param signedIn whether the request said who asks
   */
  static BackendException of(String what, String registry, Reply reply, boolean signedIn) {
    String said = said(reply);
    int status = reply.status();
    String todo =
        switch (status) {
          case 401 ->
              signedIn
                  ? "The registry does not know this name or password. " + signIn(registry)
                  : signIn(registry).strip();
          case 403 -> "This account may not do that. " + signIn(registry);
          case 404 -> "Check the name";
          case 405 -> "The registry does not let anybody do that";
          case 413 -> "The registry takes no blobs as large";
          case 429 -> "Too many requests were made; sign in, or try again later";
          case 500, 502, 503, 504 -> "Try again later, or look into the registry's log";
          default -> "Look into the registry's log";
        };
    return new BackendException(
        "Could not "
            + what
            + ": HTTP "
            + status
            + (said.isEmpty() ? "" : " (" + said + ")")
            + " from "
            + registry
            + ". "
            + todo.strip(),
        status == 429 || status >= 500,
        null);
  }

  private static String said(Reply reply) {
    try {
      JsonNode body = Documents.JSON.readTree(reply.body().readNBytes(MAX_BYTES));
      JsonNode first = body.path("errors").path(0);
      String code = first.path("code").asText();
      String message = first.path("message").asText();
      return Said.shortened(code + (message.isEmpty() ? "" : ": " + message));
    } catch (IOException e) {
      return "";
    }
  }
}
