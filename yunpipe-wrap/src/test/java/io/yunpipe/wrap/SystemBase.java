package io.yunpipe.wrap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The C library of this machine as an image, on which a Java runs. */
final class SystemBase {
  private static final List<String> LIBRARIES =
      List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1");

  private SystemBase() {}

  static TestLayer layer() throws IOException {
    Path loader = Path.of("/lib64/ld-linux-x86-64.so.2");
    assumeTrue(Files.exists(loader), "needs a Linux with glibc on amd64");
    TestLayer layer =
        new TestLayer().file("lib64/ld-linux-x86-64.so.2", Files.readAllBytes(loader));
    for (String library : LIBRARIES) {
      Path file =
          Stream.of("/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib")
              .map(folder -> Path.of(folder, library))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      layer.file("lib/x86_64-linux-gnu/" + library, Files.readAllBytes(file));
    }
    return layer.folder("tmp").file("etc/passwd", "root:x:0:0:root:/:/bin/sh\n");
  }
}
