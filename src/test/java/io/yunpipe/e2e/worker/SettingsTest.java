package io.yunpipe.e2e.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker says that cannot begin. */
@Timeout(60)
class SettingsTest {
  @TempDir Path temp;
  private Site site;

  @BeforeEach
  void open() {
    site = new Site(temp);
  }

  private String refused(int code, Map<String, String> environment) throws Exception {
    try (WorkerProgram worker = WorkerProgram.start(temp.resolve("log"), environment)) {
      assertThat(worker.await(30)).as(worker.text()).isEqualTo(code);
      return worker.text();
    }
  }

  @Test
  void wrongSettings_areToldTogether() throws Exception {
    String text =
        refused(
            64,
            Map.of(
                "YUNPIPE_IDLE", "soon",
                "YUNPIPE_CONCURRENCY", "0",
                "YUNPIPE_USER", "nobody",
                "YUNPIPE_INSIDE", "yes",
                "YUNPIPE_ENTRYPOINT", "/bin/run",
                "YUNPIPE_PASS", "LD_LIBRARY_PATH,AWS_REGION"));
    assertThat(text)
        .contains("has 8 problem(s)")
        .contains("YUNPIPE_PIPELINE is not set")
        .contains("YUNPIPE_STAGE is not set")
        .contains("YUNPIPE_IDLE: expected a duration such as 30s, 5m or 2h, but found \\\"soon\\\"")
        .contains("YUNPIPE_CONCURRENCY must be a whole number from 1 to 1024, but was '0'")
        .contains("YUNPIPE_USER: expected a user as numbers, uid or uid:gid, but found")
        .contains("YUNPIPE_INSIDE must be true or false, but was 'yes'")
        .contains("YUNPIPE_ENTRYPOINT must be a JSON array of strings")
        .contains("YUNPIPE_PASS names AWS_REGION");
  }

  @Test
  void unknownBackend_isToldWithThoseThatAreThere() throws Exception {
    assertThat(refused(64, site.settings("s", "YUNPIPE_BACKEND", "cloud")))
        .contains("YUNPIPE_BACKEND: No backend named 'cloud'")
        .contains("local");
  }

  @Test
  void backendThatCannotBeReached_isAnExitCodeOfItsOwn() throws Exception {
    Files.writeString(site.store(), "a file, where a folder should be");
    assertThat(refused(69, site.settings("s"))).contains("Worker ended: ").contains("store");
  }

  @Test
  void jobThatIsNoJson_orWhoseObjectIsGone_isRefused() throws Exception {
    assertThat(refused(64, site.settings("s", "YUNPIPE_JOB", "{nothing")))
        .contains("Could not read YUNPIPE_JOB as JSON");
    assertThat(refused(64, site.settings("s", "YUNPIPE_JOB", "key:jobs/1")))
        .contains("YUNPIPE_JOB names an object that does not exist: jobs/1");
  }
}
