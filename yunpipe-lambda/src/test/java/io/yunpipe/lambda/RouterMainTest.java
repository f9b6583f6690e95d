package io.yunpipe.lambda;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterMainTest {
  @Test
  void uploads_toALocalStore_comeOutProcessedUntilTheRouterIsAskedToEnd(@TempDir Path folder)
      throws Exception {
    try (LocalLab lab = new LocalLab(folder.resolve("store"))) {
      Process router = lab.start(RouterMain.class, Map.of("YUNPIPE_TICK", "1"));
      lab.send(Golden.text("test-event"));
      lab.send(lab.upload("monday/a.txt", "one"));
      lab.upload("monday/lost.txt", "two");
      await()
          .atMost(60, SECONDS)
          .untilAsserted(
              () -> {
                assertThat(lab.results("a.txt")).containsExactly("one");
                assertThat(lab.results("lost.txt")).containsExactly("two");
                assertThat(lab.anyOpenRun()).isFalse();
              });
      router.destroy();
      assertThat(router.waitFor(30, SECONDS)).isTrue();
      assertThat(router.exitValue()).isEqualTo(143);
    }
  }

  @Test
  void wrongSetting_isNamed(@TempDir Path folder) throws Exception {
    try (LocalLab lab = new LocalLab(folder.resolve("store"))) {
      Process router = lab.start(RouterMain.class, Map.of("YUNPIPE_TICK", "often"));
      assertThat(router.waitFor(30, SECONDS)).isTrue();
      assertThat(router.exitValue()).isEqualTo(64);
      assertThat(Files.readString(folder.resolve("RouterMain.log")))
          .contains("YUNPIPE_TICK must be seconds from 1 to 3600, but was 'often'");
    }
  }
}
