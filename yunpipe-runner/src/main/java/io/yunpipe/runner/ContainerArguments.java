package io.yunpipe.runner;

import io.yunpipe.Port;
import io.yunpipe.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** The arguments of {@code docker run} or {@code podman run}. */
final class ContainerArguments {
  private final List<String> list = new ArrayList<>();

  ContainerArguments(String program, String name) {
    add(program, "run", "--rm", "--name", name, "--log-driver", "none");
  }

  void add(String... arguments) {
    list.addAll(List.of(arguments));
  }

  void label(String key, String value) {
    add("--label", key + "=" + value);
  }

  /** Takes away whatever a job does not need. */
  void confine(boolean podman, boolean network, int maxProcesses) {
    rights(List.of(), podman, network, maxProcesses);
    add("--read-only");
  }

  /** Takes away all rights but some. */
  void rights(List<String> capabilities, boolean podman, boolean network, int maxProcesses) {
    add("--cap-drop", "ALL");
    capabilities.forEach(capability -> add("--cap-add", capability));
    add("--security-opt", "no-new-privileges");
    add("--pids-limit", Integer.toString(maxProcesses));
    if (podman) {
      // The folders are ours alone and are not labelled for others.
      add("--security-opt", "label=disable");
    }
    if (!network) {
      add("--network", "none");
    }
  }

  void limit(Resources resources, long memoryMib, boolean podman) {
    // An engine refuses more cores than there are.
    double cpus = Math.min(resources.cpus(), Runtime.getRuntime().availableProcessors());
    add("--cpus", String.format(Locale.ROOT, "%.2f", Math.max(cpus, 0.01)));
    if (memoryMib > 0) {
      add("--memory", memoryMib + "m", "--memory-swap", memoryMib + "m");
    }
    if (podman) {
      for (int gpu = 0; gpu < resources.gpus(); gpu++) {
        add("--device", "nvidia.com/gpu=" + gpu);
      }
    } else if (resources.gpus() > 0) {
      add("--gpus", Integer.toString(resources.gpus()));
    }
  }

  /** Lets the container run as the owner of a folder. */
  void user(Path ours, boolean podman) throws IOException {
    add(
        "--user",
        Files.getAttribute(ours, "unix:uid") + ":" + Files.getAttribute(ours, "unix:gid"));
    if (podman) {
      add("--userns", "keep-id");
    }
  }

  void mount(Path file, String at, boolean writable) {
    String mount = "type=bind," + field("source", file.toString()) + "," + field("target", at);
    add("--mount", writable ? mount : mount + ",readonly");
  }

  /** The value is one field of a CSV line. */
  private static String field(String key, String value) {
    String text = key + "=" + value;
    return text.matches("(?s).*[\",\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  /** Opens a port to this machine only. */
  void publish(Port port) {
    add("--publish", "127.0.0.1:" + port.number() + ":" + port.number() + "/" + port.protocol());
  }

  /** Ends the arguments. A command takes the place of the image's entry point. */
  void command(String image, List<String> argv) {
    if (argv.isEmpty()) {
      add(image);
    } else {
      add("--entrypoint", argv.get(0), image);
      list.addAll(argv.subList(1, argv.size()));
    }
  }

  List<String> list() {
    return list;
  }

  /** Writes a file that only we can read. */
  static void writePrivate(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.newByteChannel(
            file,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        .close();
    Files.writeString(file, text);
  }
}
