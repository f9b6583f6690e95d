package io.yunpipe.spi;

import java.net.URI;
import java.util.Map;

/**
 * A link by which an object can be created with an HTTP PUT.
 *
 * @param uri where to
 * @param headers headers that the request must carry as they are; they are part of the signature
 */
public record UploadLink(URI uri, Map<String, String> headers) {
  /** Copies the map. */
  public UploadLink {
    headers = Map.copyOf(headers);
  }
}
