package io.yunpipe.aws.http;

import io.yunpipe.BackendException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Words for services that cannot be reached. */
final class Reach {
  private Reach() {}

  static BackendException failed(Call call, @Nullable Throwable cause) {
    String what = "Could not " + call.method() + " " + call.endpoint() + call.path() + ": ";
    String service = call.service();
    if (cause instanceof UnknownHostException) {
      return new BackendException(
          what
              + "there is no host "
              + call.endpoint().getHost()
              + ". Check the region and the endpoint (yunpipe.aws.endpoint, AWS_ENDPOINT_URL, "
              + "AWS_ENDPOINT_URL_"
              + service.toUpperCase(java.util.Locale.ROOT)
              + ") and this machine's network.",
          true,
          cause);
    }
    if (cause instanceof ConnectException) {
      return new BackendException(
          what
              + "nothing answers there ("
              + cause.getMessage()
              + "). Check that the service runs, the endpoint and the firewall.",
          true,
          cause);
    }
    if (cause instanceof SSLException) {
      return new BackendException(
          what
              + "no trusted connection ("
              + cause.getMessage()
              + "). Check the endpoint and this machine's certificates and clock.",
          true,
          cause);
    }
    return new BackendException(
        what + "the connection failed each time, last with: " + cause + ". Try again later.",
        true,
        cause);
  }
}
