package io.yunpipe.runner;

import io.yunpipe.testkit.emulator.Needs;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** All the same on podman, without a daemon: as root, and where users are mapped as a user. */
@Tag("podman")
@EnabledForJreRange(
    max = JRE.JAVA_17,
    disabledReason = "what runs in containers is the same whatever runs this")
class PodmanTest extends ContainerTest {
  private static final String PROVIDE = "apt-get install podman; .ci/podman FOLDER";

  @Override
  String engine() {
    return Needs.program("podman", "YUNPIPE_TEST_PODMAN", "podman", PROVIDE).toString();
  }

  @Override
  String word() {
    return "podman";
  }

  @Override
  Mapped mapped() {
    Path program = Needs.program("podman", "YUNPIPE_TEST_PODMAN_USER", "podman-of-user", PROVIDE);
    return new Mapped(program.toString(), program.resolveSibling("out"));
  }

  @Override
  String label(String key, String value) {
    return "LABEL " + key + "=" + value;
  }
}
