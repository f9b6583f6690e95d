package io.yunpipe.runner;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A job that a test describes and executes, and a folder for it. */
abstract class OneJob {
  @TempDir Path folder;
  JobFixture job;

  @BeforeEach
  final void openJob() {
    job = new JobFixture(folder);
  }

  @AfterEach
  final void closeJob() {
    job.close();
  }
}
