package io.yunpipe.aws.stack;

import io.yunpipe.testkit.emulator.Moto;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An emulator of AWS, the proxy before it and the services as seen through that.
 *
 * @param cloud services through the proxy
 */
record ProxiedCloud(Moto moto, CallProxy proxy, Cloud cloud) implements AutoCloseable {
  /** Starts them; skips the test where there is no emulator. */
  static ProxiedCloud start(Path folder) throws IOException {
    Moto moto = Moto.start(folder);
    CallProxy proxy = new CallProxy(moto.endpoint());
    return new ProxiedCloud(moto, proxy, MotoCloud.at(proxy.endpoint()));
  }

  @Override
  public void close() {
    cloud.http().close();
    proxy.close();
    moto.close();
  }
}
