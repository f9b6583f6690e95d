package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class HttpTest {
  private static InetAddress address(int first) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {(byte) first, 0, 0, 1});
  }

  @Test
  void hosts_ofThisMachine_areKnown() {
    assertThat(Http.loopback("localhost:5000")).isTrue();
    assertThat(Http.loopback("127.0.0.1:5000")).isTrue();
    assertThat(Http.loopback("127.9.9.9")).isTrue();
    assertThat(Http.loopback("[::1]:5000")).isTrue();
    assertThat(Http.loopback("128.0.0.1")).isFalse();
    assertThat(Http.loopback("[::2]:5000")).isFalse();
  }

  /** Not every resolver keeps these names from the wire, and passwords would follow. */
  @Test
  void name_ofThisMachine_thatLeadsElsewhere_isNotTrusted() {
    assertThat(Http.loopback("r.localhost:5000", host -> new InetAddress[] {address(127)}))
        .isTrue();
    assertThat(Http.loopback("r.localhost", host -> new InetAddress[] {address(127), address(10)}))
        .isFalse();
    assertThat(Http.loopback("localhost", host -> new InetAddress[] {address(10)})).isFalse();
    assertThat(
            Http.loopback(
                "r.localhost",
                host -> {
                  throw new UnknownHostException(host);
                }))
        .isFalse();
    assertThat(Http.loopback("r.example.org", host -> new InetAddress[] {address(127)})).isFalse();
  }
}
