package io.yunpipe.bench;

import com.sun.management.OperatingSystemMXBean;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Moves the files of a folder to or from a bucket with our store, as many at once as it likes:
 * {@code up|down FOLDER PREFIX [PASSES]}. With more than one pass the cost of the last is printed,
 * when all code is compiled.
 */
final class TransferWorkload {
  private TransferWorkload() {}

  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    boolean up = args[0].equals("up");
    Path folder = Path.of(args[1]);
    int passes = args.length > 3 ? Integer.parseInt(args[3]) : 1;
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    try (S3Server.Opened opened = S3Server.open()) {
      ObjectStore store = opened.store();
      for (int pass = 1; pass <= passes; pass++) {
        long cpu = machine.getProcessCpuTime();
        long wall = System.nanoTime();
        String prefix = args[2] + (up && pass > 1 ? "-" + pass : "");
        if (up) {
          upload(store, folder, prefix);
        } else {
          download(store, folder, prefix);
        }
        if (pass == passes && passes > 1) {
          System.out.printf(
              "%.3f %.3f%n",
              (machine.getProcessCpuTime() - cpu) / 1e9, (System.nanoTime() - wall) / 1e9);
        }
      }
    }
  }

  private static void upload(ObjectStore store, Path folder, String prefix)
      throws IOException, InterruptedException, ExecutionException {
    List<Runnable> tasks = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(
          file -> tasks.add(() -> store.put(prefix + "/" + file.getFileName(), Content.of(file))));
    }
    run(store, tasks);
  }

  private static void download(ObjectStore store, Path folder, String prefix)
      throws InterruptedException, ExecutionException {
    List<Runnable> tasks = new ArrayList<>();
    String after = "";
    List<String> keys;
    do {
      keys = store.list(prefix + "/", after, 1000).stream().map(object -> object.key()).toList();
      for (String key : keys) {
        tasks.add(() -> fetch(store, key, folder));
        after = key;
      }
    } while (keys.size() == 1000);
    run(store, tasks);
  }

  /** As results are downloaded: with the SHA-256 of what arrives. */
  private static void fetch(ObjectStore store, String key, Path folder) {
    Path file = folder.resolve(key.substring(key.lastIndexOf('/') + 1));
    byte[] buffer = new byte[128 << 10];
    try (InputStream in =
            new DigestInputStream(
                store.get(key).orElseThrow(), MessageDigest.getInstance("SHA-256"));
        OutputStream out = Files.newOutputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(ObjectStore store, List<Runnable> tasks)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(store.parallelism());
    try {
      List<Future<?>> running = new ArrayList<>();
      tasks.forEach(task -> running.add(threads.submit(task)));
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
