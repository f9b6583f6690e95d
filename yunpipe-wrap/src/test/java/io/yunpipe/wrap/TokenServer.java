package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gives tokens for a registry: anybody may pull, one user may push. */
final class TokenServer implements AutoCloseable {
  static final String ISSUER = "tokens";
  static final String SERVICE = "the registry";

  private final HttpServer server;
  private final Certificate certificate;
  final List<String> asked = new CopyOnWriteArrayList<>();

  TokenServer(Certificate certificate) throws IOException {
    this.certificate = certificate;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/token", this::answer);
    server.start();
  }

  String realm() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    String login = exchange.getRequestHeaders().getFirst("Authorization");
    String expected =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (TestRegistry.USER + ":" + TestRegistry.PASSWORD)
                        .getBytes(StandardCharsets.UTF_8));
    asked.add(query);
    if (login != null && !login.equals(expected)) {
      exchange.sendResponseHeaders(401, -1);
      exchange.close();
      return;
    }
    byte[] body;
    try {
      body =
          Documents.bytes(
              Documents.JSON.createObjectNode().put("token", token(query, login != null)));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String token(String query, boolean known) throws GeneralSecurityException {
    ObjectNode header = Documents.JSON.createObjectNode().put("typ", "JWT").put("alg", "RS256");
    header.putArray("x5c").add(Base64.getEncoder().encodeToString(certificate.encoded()));
    long now = Instant.now().getEpochSecond();
    ObjectNode claims =
        Documents.JSON
            .createObjectNode()
            .put("iss", ISSUER)
            .put("sub", "someone")
            .put("aud", SERVICE)
            .put("nbf", now - 10)
            .put("iat", now)
            .put("exp", now + 300)
            .put("jti", "1");
    ArrayNode access = claims.putArray("access");
    for (String parameter : query.split("&", -1)) {
      String text = URLDecoder.decode(parameter, StandardCharsets.UTF_8);
      if (text.startsWith("scope=repository:")) {
        String[] parts = text.substring("scope=".length()).split(":", -1);
        ObjectNode one = access.addObject().put("type", parts[0]).put("name", parts[1]);
        ArrayNode actions = one.putArray("actions");
        for (String action : parts[2].split(",", -1)) {
          if (known || action.equals("pull")) {
            actions.add(action);
          }
        }
      }
    }
    String content = encoded(Documents.bytes(header)) + "." + encoded(Documents.bytes(claims));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(certificate.key());
    signature.update(content.getBytes(StandardCharsets.US_ASCII));
    return content + "." + encoded(signature.sign());
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
