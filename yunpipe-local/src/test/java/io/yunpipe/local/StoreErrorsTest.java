package io.yunpipe.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StoreErrorsTest {
  private static final Path ROOT = Path.of("/data");

  @Test
  void failed_diskFull_mayBeTriedAgain() {
    BackendException error = failed(new IOException("No space left on device"));

    assertThat(error)
        .hasMessage(
            "Could not store a in /data: No space left on device. Free space on the disk of /data,"
                + " then try again.");
    assertThat(error.retryable()).isTrue();
  }

  @Test
  void failed_accessDenied_saysWhatToAllow() {
    BackendException error = failed(new AccessDeniedException("/data/.tmp/1"));

    assertThat(error)
        .hasMessage(
            "Could not store a in /data: access to /data/.tmp/1 was denied. Let this user read and"
                + " write the folder /data and all in it.");
    assertThat(error.retryable()).isFalse();
  }

  @Test
  void failed_nameTooLong_saysSo() {
    BackendException error = failed(new FileSystemException("/data/x", null, "File name too long"));

    assertThat(error)
        .hasMessage(
            "Could not store a in /data: /data/x: File name too long. The file system of /data takes"
                + " no names as long; use a shorter one.");
    assertThat(error.retryable()).isFalse();
  }

  @Test
  void failed_anythingElse_keepsTheReason() {
    BackendException error = failed(new IOException("Input/output error"));

    assertThat(error)
        .hasMessage(
            "Could not store a in /data: Input/output error. Check the disk and the folder /data.")
        .hasRootCauseMessage("Input/output error");
    assertThat(error.retryable()).isTrue();
  }

  private static BackendException failed(IOException e) {
    return StoreErrors.failed("store a in " + ROOT, ROOT, e);
  }
}
