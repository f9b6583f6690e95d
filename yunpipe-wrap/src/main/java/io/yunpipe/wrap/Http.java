package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One request and its answer, over the JDK's leanest client. */
final class Http {
  private static final int CONNECT_MILLIS = (int) Duration.ofSeconds(20).toMillis();
  private static final int READ_MILLIS = (int) Duration.ofMinutes(3).toMillis();
  private static final int BUFFER = 128 << 10;

  private Http() {}

  /**
   * Sends a request; follows no redirection.
   *
   * @param body what is sent; null for none
   * @param counter hears of bytes of the body that were sent
   */
  static Reply send(
      String method,
      URI uri,
      Map<String, String> headers,
      @Nullable Body body,
      LongConsumer counter)
      throws IOException {
    if (!(uri.toURL().openConnection() instanceof HttpURLConnection connection)) {
      throw new IOException("no address of a web server: " + uri);
    }
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setRequestProperty("User-Agent", "yunpipe");
    headers.forEach(connection::setRequestProperty);
    if (body != null) {
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(body.size());
      upload(connection, body, counter);
    }
    return new Reply(connection, uri);
  }

  /** A server may refuse before it has taken all; then its answer tells more than the failure. */
  private static void upload(HttpURLConnection connection, Body body, LongConsumer counter)
      throws IOException {
    try (InputStream in = body.open()) {
      OutputStream out = connection.getOutputStream();
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        counter.accept(n);
      }
      out.close();
    } catch (IOException e) {
      if (!refused(connection)) {
        connection.disconnect();
        throw e;
      }
    } catch (RuntimeException e) {
      // The body could not be read: the server must not take what came so far for all.
      connection.disconnect();
      throw e;
    }
  }

  private static boolean refused(HttpURLConnection connection) {
    try {
      return connection.getResponseCode() >= 400;
    } catch (IOException e) {
      return false;
    }
  }

  /** Finds addresses of a host. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] find(String host) throws UnknownHostException;
  }

  /** Returns whether a host is this machine, to which no wire leads. */
  static boolean loopback(String host) {
    return loopback(host, InetAddress::getAllByName);
  }

  /** By name and by address: not every resolver keeps names of this machine to itself. */
  static boolean loopback(String host, Resolver resolver) {
    String name = host.replaceFirst(":\\d{1,5}$", "");
    boolean named =
        name.equals("localhost")
            || name.endsWith(".localhost")
            || name.matches("127(\\.\\d{1,3}){3}")
            || name.equals("[::1]");
    try {
      return named && Arrays.stream(resolver.find(name)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Says why a registry could not be reached, and what to do. */
  static BackendException unreachable(String what, String registry, IOException failure) {
    String hint =
        failure instanceof SSLException
            ? "If its certificate is of an authority of your own, import that into Java's trust"
                + " store (keytool -importcert -cacerts), or name a store with"
                + " -Djavax.net.ssl.trustStore"
            : failure instanceof UnknownHostException
                ? "Check the registry's name"
                : failure instanceof ConnectException
                    ? "Nothing answers there; check name, port and network"
                    : "Try again; if it stays so, look into the registry's log";
    return new BackendException(
        "Could not "
            + what
            + ": the registry "
            + registry
            + " cannot be reached ("
            + Said.of(failure)
            + "). "
            + hint,
        !(failure instanceof SSLException || failure instanceof UnknownHostException),
        failure);
  }
}
