package io.yunpipe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboxGroupsTest {
  private final InboxLab lab = new InboxLab();

  private void groups(int size) {
    RunPlan plain = InboxLab.PLAN;
    Inboxes.deploy(
        lab.store,
        new RunPlan(
            1, "", 1, plain.pipeline(), 0, plain.stages(), "(.*)_R[12]\\.fastq", size, null),
        InboxLab.QUIET);
  }

  @Test
  void groups_whenTheBatchIsQuiet_becomeJobsOfTheirFiles() {
    groups(0);
    lab.upload("monday/x_R1.fastq", "1");
    lab.upload("monday/y_R1.fastq", "2");
    lab.clock.advance(InboxLab.QUIET.minusSeconds(5));
    Upload last = lab.put("monday/x_R2.fastq", "3");
    lab.router.uploads(List.of(last));
    lab.quiet();
    assertThat(lab.takeJobs())
        .satisfiesExactly(
            x -> {
              assertThat(x.name()).isEqualTo("x");
              assertThat(x.in().stream().map(InputRef::name))
                  .containsExactly("x_R1.fastq", "x_R2.fastq");
            },
            y -> assertThat(y.name()).isEqualTo("y"));
    assertThat(Inboxes.sealed(lab.store, lab.onlyRun())).isTrue();
    lab.router().uploads(List.of(last));
    lab.quiet();
    assertThat(lab.runs()).hasSize(1);
  }

  @Test
  void batch_whileFilesCome_waitsForMore() {
    groups(0);
    lab.upload("monday/x_R1.fastq", "1");
    lab.clock.advance(InboxLab.QUIET.minusSeconds(1));
    lab.upload("monday/x_R2.fastq", "2");
    lab.clock.advance(InboxLab.QUIET.minusSeconds(1));
    lab.router.tick();
    assertThat(Inboxes.inputs(lab.store, lab.onlyRun())).isEmpty();
    assertThat(Inboxes.sealed(lab.store, lab.onlyRun())).isFalse();
  }

  @Test
  void group_thatGetsAnotherFileLater_isTakenAgainWhole() {
    groups(0);
    lab.upload("monday/x_R1.fastq", "1");
    lab.upload("monday/y_R1.fastq", "1");
    lab.quiet();
    lab.takeJobs();
    lab.upload("monday/x_R2.fastq", "2");
    lab.quiet();
    assertThat(lab.takeJobs()).singleElement().satisfies(job -> assertThat(job.in()).hasSize(2));
    assertThat(lab.runs()).hasSize(2);
  }

  @Test
  void groupsOfTheWrongSize_andFilesWithoutGroup_becomeJobsThatFailWithAReason() {
    groups(2);
    lab.upload("monday/x_R1.fastq", "1");
    lab.upload("monday/readme.txt", "2");
    lab.upload("monday/.complete", "");
    List<String> problems = new ArrayList<>();
    lab.takeJobs().forEach(job -> problems.add(String.valueOf(job.problem())));
    assertThat(problems)
        .containsExactlyInAnyOrder(
            "Could not group the uploads: each group needs 2 files, but \"x\" has 1 when the batch"
                + " is complete. Upload what is missing, or take out what is too much, and the"
                + " group is taken again.",
            "Could not group the upload \"inbox/simulation/monday/readme.txt\": groupBy"
                + " \"(.*)_R[12]\\.fastq\" finds no name for a job in it. Upload it under another"
                + " name, or change the pattern.");
  }
}
