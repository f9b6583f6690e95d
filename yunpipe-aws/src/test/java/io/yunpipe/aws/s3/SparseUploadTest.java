package io.yunpipe.aws.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A large file goes up from a program with little memory, to a server that keeps nothing. 256 MiB;
 * {@code -Dyunpipe.test.sparseMib=5120} takes the full size, for which emulators have no room.
 */
@Timeout(600)
class SparseUploadTest {
  private static final long SIZE = Long.getLong("yunpipe.test.sparseMib", 256) << 20;

  private final AtomicLong received = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] buffer = new byte[64 * 1024];
      boolean part = exchange.getRequestMethod().equals("PUT");
      try (InputStream in = exchange.getRequestBody()) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          received.addAndGet(part ? n : 0);
        }
      }
      byte[] xml = "<Answer><UploadId>u</UploadId></Answer>".getBytes(UTF_8);
      exchange.getResponseHeaders().add("ETag", "\"t\"");
      exchange.sendResponseHeaders(200, xml.length);
      exchange.getResponseBody().write(xml);
    }
  }

  /** Stores a file; runs in a program of its own. */
  public static void main(String[] arguments) {
    S3Server sink = new S3Server(URI.create(arguments[0]), "key", "secret");
    S3Options options = new S3Options(5 << 20, 2, true);
    try (S3ObjectStore store = S3ObjectStore.over(sink.http(), sink.place("bucket", ""), options)) {
      Stored stored = store.put("sparse", Content.of(Path.of(arguments[1])));
      System.out.println(stored.size() + " " + stored.sha256());
    }
  }

  @Test
  void put_ofALargeSparseFile_needsLittleMemory() throws Exception {
    Path file = folder.resolve("sparse");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(SIZE);
    }

    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx40m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SparseUploadTest.class.getName(),
                "http://127.0.0.1:" + server.getAddress().getPort(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(program.getInputStream().readAllBytes(), UTF_8);
      assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();

      assertThat(said).contains(SIZE + " ");
      assertThat(program.exitValue()).as(said).isZero();
      assertThat(received).hasValue(SIZE);
    } finally {
      program.destroyForcibly();
    }
  }
}
