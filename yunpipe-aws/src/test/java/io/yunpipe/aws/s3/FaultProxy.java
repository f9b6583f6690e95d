package io.yunpipe.aws.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Passes connections on to a server byte by byte, but for faults that a test asks for. */
final class FaultProxy implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");
  private static final Pattern CHUNKED = Pattern.compile("(?im)^transfer-encoding: *chunked");

  private static final Pattern CLOSED = Pattern.compile("(?im)^connection: *close");

  private final URI target;
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ConcurrentLinkedDeque<Planned> plan = new ConcurrentLinkedDeque<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** A request: where its answer goes, and what sends it on. */
  record Exchange(OutputStream back, Forward forward) {}

  /** Sends the request on. */
  interface Forward {
    /** Returns the whole answer. */
    Answer send() throws IOException;
  }

  /** An answer, as it is on the wire. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Answer(byte[] head, byte[] body) {}

  /** What happens to a request; throws to end the connection at once. */
  interface Fault {
    void happen(Exchange exchange) throws IOException;
  }

  private record Planned(Predicate<String> which, Fault fault) {}

  FaultProxy(URI target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Lets faults happen to the next requests whose first lines have a text, one each. */
  void next(String text, Fault... faults) {
    for (Fault fault : faults) {
      plan.add(new Planned(line -> line.contains(text), fault));
    }
  }

  /** Returns the first lines of all requests so far. */
  List<String> seen() {
    return seen;
  }

  /** The connection breaks before the request is carried out. */
  static Fault drop() {
    return exchange -> {
      throw new IOException("dropped");
    };
  }

  /** The request is carried out, but the connection breaks before the answer. */
  static Fault loseAnswer() {
    return exchange -> {
      exchange.forward().send();
      throw new IOException("lost");
    };
  }

  /** The answer's body ends after so many bytes. */
  static Fault truncate(int bytes) {
    return exchange -> {
      Answer answer = exchange.forward().send();
      exchange.back().write(answer.head());
      exchange.back().write(answer.body(), 0, bytes);
      exchange.back().flush();
      throw new IOException("truncated");
    };
  }

  /** The service refuses. */
  static Fault refuse(int status, String code, String header) {
    return exchange -> {
      byte[] body =
          ("<Error><Code>" + code + "</Code><Message>said so</Message></Error>")
              .getBytes(ISO_8859_1);
      String head =
          "HTTP/1.1 %d Refused\r\nContent-Length: %d\r\nx-amz-request-id: R1\r\n%s\r\n"
              .formatted(status, body.length, header);
      exchange.back().write(head.getBytes(ISO_8859_1));
      exchange.back().write(body);
      exchange.back().flush();
    };
  }

  /** No answer comes before the test ends. */
  Fault hang() {
    return exchange -> {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("hung");
    };
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket client = server.accept();
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      for (Optional<String> head = head(in); head.isPresent(); head = head(in)) {
        byte[] body = body(head.get(), in);
        String first = head.get().lines().findFirst().orElse("");
        seen.add(first);
        String request = head.get();
        boolean[] ends = new boolean[1];
        Forward forward =
            () -> {
              Answer answer = forward(request, body);
              ends[0] = CLOSED.matcher(new String(answer.head(), ISO_8859_1)).find();
              return answer;
            };
        fault(first).happen(new Exchange(client.getOutputStream(), forward));
        if (ends[0]) {
          return;
        }
      }
    } catch (IOException e) {
      // The client or the fault ended it; nobody else is told.
      return;
    }
  }

  private Fault fault(String first) {
    for (Planned planned : plan) {
      if (planned.which().test(first) && plan.remove(planned)) {
        return planned.fault();
      }
    }
    return exchange -> {
      Answer answer = exchange.forward().send();
      exchange.back().write(answer.head());
      exchange.back().write(answer.body());
      exchange.back().flush();
    };
  }

  private Answer forward(String head, byte[] body) throws IOException {
    try (Socket upstream = new Socket(target.getHost(), target.getPort())) {
      upstream.getOutputStream().write(head.getBytes(ISO_8859_1));
      upstream.getOutputStream().write(body);
      upstream.getOutputStream().flush();
      InputStream in = new BufferedInputStream(upstream.getInputStream());
      String answer = head(in).orElseThrow(() -> new IOException("No answer from the server"));
      boolean empty = head.startsWith("HEAD ") || answer.contains(" 204 ");
      boolean toItsEnd = CLOSED.matcher(answer).find() && !LENGTH.matcher(answer).find();
      byte[] bytes = empty ? new byte[0] : toItsEnd ? in.readAllBytes() : body(answer, in);
      return new Answer(answer.getBytes(ISO_8859_1), bytes);
    }
  }

  /** Returns first line and headers, with the empty line after them; empty at the end. */
  private static Optional<String> head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 4) {
      int b = in.read();
      if (b < 0) {
        return Optional.empty();
      }
      head.write(b);
      ends = b == "\r\n\r\n".charAt(ends) ? ends + 1 : b == '\r' ? 1 : 0;
    }
    return Optional.of(head.toString(ISO_8859_1));
  }

  private static byte[] body(String head, InputStream in) throws IOException {
    if (CHUNKED.matcher(head).find()) {
      return chunks(in);
    }
    Matcher length = LENGTH.matcher(head);
    return length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
  }

  /** Returns a body in chunks, as it is on the wire. */
  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int size;
    do {
      String line = line(in);
      body.writeBytes((line + "\r\n").getBytes(ISO_8859_1));
      size = Integer.parseInt(line.trim(), 16);
      body.writeBytes(in.readNBytes(size));
      body.writeBytes((line(in) + "\r\n").getBytes(ISO_8859_1));
    } while (size > 0);
    return body.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.append((char) b);
    }
    return line.toString().stripTrailing();
  }

  @Override
  public void close() throws IOException {
    server.close();
    closed.countDown();
    threads.shutdownNow();
  }
}
