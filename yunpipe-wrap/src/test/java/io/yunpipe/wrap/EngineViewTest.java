package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineViewTest {
  @TempDir Path folder;

  /** An engine writes gigabytes for each time. */
  @Test
  void image_whoseFilesAreAskedFor_isFetchedOnce() throws IOException {
    TestImage.oci()
        .layer(TestLayer.glibc())
        .writeTo(Wraps.target("tar:" + folder.resolve("image.tar")));
    Path program =
        Files.writeString(
            folder.resolve("docker"),
            """
            #!/bin/sh
            case $1 in
              image) echo '[{"Id": "%s", "Os": "linux", "Architecture": "amd64", "Config": {}}]' ;;
              save) echo saved >> '%s/log'; cat '%s/image.tar' ;;
            esac
            """
                .formatted("1d".repeat(32), folder, folder));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    EngineProgram engine = new EngineProgram(program.toString(), Duration.ofSeconds(10));
    Traffic traffic = new Traffic();
    ImageView view = EngineView.of(new EngineSource("lab/a:1", engine, traffic)).orElseThrow();

    assertThat(view.digest()).isEqualTo("sha256:" + "1d".repeat(32));
    assertThat(folder.resolve("log")).doesNotExist();
    assertThat(view.has("/usr/bin/tool")).isTrue();
    assertThat(view.has("/usr/bin/other")).isFalse();
    assertThat(view.has("/usr/lib64/ld-linux-x86-64.so.2")).isTrue();
    assertThat(folder.resolve("log")).hasContent("saved");
    assertThat(traffic.received()).isEqualTo(Files.size(folder.resolve("image.tar")));
  }
}
