package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import io.yunpipe.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the programs and libraries of a Java need of the system they run on. */
final class NativeParts {
  private static final Pattern GLIBC = Pattern.compile("GLIBC_2\\.(\\d{1,3})(?!\\d|\\.)");

  /** Libraries beside glibc that some distributions' Java needs and small images do not have. */
  private static final List<String> EXTRA = List.of("libz.so.1", "libstdc++.so.6", "libgcc_s.so.1");

  private static final List<String> FOLDERS =
      List.of(
          "/lib/x86_64-linux-gnu",
          "/usr/lib/x86_64-linux-gnu",
          "/lib/aarch64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/lib64",
          "/usr/lib64",
          "/lib",
          "/usr/lib");

  private NativeParts() {}

  /**
   * Puts libraries beside a Java that needs them, where it looks first.
   *
   * @param modules what it was made of, which libraries may lie beside; null for this machine's own
   */
  static void complete(Path java, String architecture, @Nullable Path modules) throws IOException {
    for (String library : EXTRA) {
      Path at = java.resolve("lib").resolve(library);
      if (!Files.exists(at) && needs(java, library)) {
        Path found =
            look(library, architecture, modules)
                .orElseThrow(() -> missing(library, architecture, modules));
        Files.copy(found.toRealPath(), at, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static boolean needs(Path java, String library) throws IOException {
    for (Path file : natives(java)) {
      if (text(file).contains("\0" + library + "\0")) {
        return true;
      }
    }
    return false;
  }

  /** Returns what tells these libraries from others. */
  static String fingerprint(String architecture, @Nullable Path modules) throws IOException {
    List<String> all = new ArrayList<>();
    for (String library : EXTRA) {
      Optional<Path> found = look(library, architecture, modules);
      all.add(found.isPresent() ? Sha256.of(found.get()) : "none");
    }
    return String.join(",", all);
  }

  private static Optional<Path> look(String library, String architecture, @Nullable Path modules)
      throws IOException {
    List<Path> folders = new ArrayList<>(FOLDERS.stream().map(Path::of).toList());
    if (modules != null) {
      folders.add(0, modules);
    }
    for (Path folder : folders) {
      Path file = folder.resolve(library);
      if (Files.isRegularFile(file) && architecture(file).equals(architecture)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static BackendException missing(
      String library, String architecture, @Nullable Path modules) {
    String what =
        modules == null
            ? "Could not make a small Java: this one needs " + library + ", which is in none of "
            : "Could not make a Java for "
                + architecture
                + ": that of "
                + modules
                + " needs "
                + library
                + " for "
                + architecture
                + ", which is neither there nor in any of ";
    String remedy =
        modules == null
            ? ". Use another JDK, such as one of Eclipse Temurin"
            : ". Put it there, or the modules of Eclipse Temurin, which need none";
    return new BackendException(what + FOLDERS + remedy, null);
  }

  /** Returns the least glibc that all parts of a Java can live with, as 34 for 2.34. */
  static int glibc(Path java) throws IOException {
    int most = 0;
    for (Path file : natives(java)) {
      Matcher version = GLIBC.matcher(text(file));
      while (version.find()) {
        most = Math.max(most, Integer.parseInt(version.group(1)));
      }
    }
    return most;
  }

  private static List<Path> natives(Path java) throws IOException {
    try (Stream<Path> all = Files.walk(java)) {
      return all.filter(Files::isRegularFile)
          .filter(
              file -> {
                String name = String.valueOf(file.getFileName());
                return name.contains(".so") || file.endsWith("bin/java");
              })
          .toList();
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  /** Returns for what processor a program is, in the words of images. */
  static String architecture(Path program) throws IOException {
    try (InputStream in = Files.newInputStream(program)) {
      byte[] header = in.readNBytes(20);
      boolean elf = header.length == 20 && header[0] == 0x7f && header[1] == 'E';
      int machine = elf ? (header[18] & 0xff) | ((header[19] & 0xff) << 8) : 0;
      return Optional.ofNullable(
              switch (machine) {
                case 0x3e -> "amd64";
                case 0xb7 -> "arm64";
                case 0xf3 -> "riscv64";
                case 0x15 -> "ppc64le";
                case 0x16 -> "s390x";
                default -> null;
              })
          .orElse("another system than Linux");
    }
  }
}
