package io.yunpipe.local;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The numbered files of a queue. */
final class QueueFolder {
  private static final Logger logger = LoggerFactory.getLogger(QueueFolder.class);
  private static final Pattern NAME = Pattern.compile("([a-z]+)-([0-9]{1,9})\\.log");

  private QueueFolder() {}

  /** Creates a folder and those above it. Durable when it returns, if asked. */
  static void create(Path folder, boolean fsync) {
    try {
      Deque<Path> missing = new ArrayDeque<>();
      for (Path path = folder.toAbsolutePath();
          path != null && !Files.exists(path);
          path = path.getParent()) {
        missing.push(path);
      }
      Files.createDirectories(folder);
      for (Path path : missing) {
        Path parent = path.getParent();
        if (fsync && parent != null) {
          sync(parent);
        }
      }
    } catch (IOException e) {
      throw LogFile.failed("create", folder, e, "Check that you may write there.");
    }
  }

  /** Makes the names in a folder durable, even for a thread that is interrupted. */
  static void sync(Path folder) {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          boolean ignored = Thread.interrupted();
        }
      }
    } catch (IOException e) {
      // Some systems cannot open folders; they make a name durable by themselves.
      logger.debug("Could not sync {}", folder, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns the numbers of the files {@code <kind>-<n>.log}. */
  static NavigableSet<Integer> numbers(Path folder, String kind) {
    NavigableSet<Integer> numbers = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(
          file -> {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (name.matches() && name.group(1).equals(kind)) {
              numbers.add(Integer.valueOf(name.group(2)));
            }
          });
    } catch (IOException e) {
      throw LogFile.failed("list", folder, e, "Check that you may read it.");
    }
    return numbers;
  }

  /** Deletes a queue's files: the events last, since they say that it is deleted. */
  static void deleteAll(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        String name = file.getFileName().toString().replaceFirst("\\.tmp$", "");
        if (NAME.matcher(name).matches()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw LogFile.failed("delete the queue in", folder, e, "Check that you may write there.");
    }
  }

  /** Deletes a file that nobody needs any more; if that fails, the next to open the queue tries. */
  static void deleteSpare(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      logger.debug("Could not delete {}", path, e);
    }
  }
}
