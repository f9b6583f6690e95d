package io.yunpipe.wrap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Passes connections on until so many bytes went to the server; then nobody answers any more. */
final class CuttingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int port;
  private final AtomicLong left;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  CuttingProxy(int port, long bytes) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = port;
    this.left = new AtomicLong(bytes);
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

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket here = server.accept();
        Socket there = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(here);
        open.add(there);
        start(() -> pass(here, there, left));
        start(() -> pass(there, here, new AtomicLong(Long.MAX_VALUE)));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Socket from, Socket to, AtomicLong budget) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (budget.addAndGet(-n) < 0) {
          close();
          return;
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // One of both has gone.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
