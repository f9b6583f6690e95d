package io.yunpipe.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Passes connections on to a port of this machine and counts their bytes. */
final class CountingProxy implements AutoCloseable {
  private static final int BUFFER = 256 << 10;

  private final ServerSocket server;
  private final int port;
  private final AtomicLong up = new AtomicLong();
  private final AtomicLong down = new AtomicLong();

  CountingProxy(int port) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = port;
    start(this::accept);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Returns bytes to the server since the last call. */
  long takeUp() {
    return up.getAndSet(0);
  }

  /** Returns bytes from the server since the last call. */
  long takeDown() {
    return down.getAndSet(0);
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket here = server.accept();
        Socket there = new Socket(InetAddress.getLoopbackAddress(), port);
        start(() -> pass(here, there, up));
        start(() -> pass(there, here, down));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void pass(Socket from, Socket to, AtomicLong count) {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        count.addAndGet(n);
      }
    } catch (IOException e) {
      // One of both has gone.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
