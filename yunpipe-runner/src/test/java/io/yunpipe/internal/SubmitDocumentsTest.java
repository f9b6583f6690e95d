package io.yunpipe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmitDocumentsTest {
  private static final String DOCUMENT = "@lab/submissions/1234_submit.json";

  private final InboxLab lab = new InboxLab();

  SubmitDocumentsTest() {
    lab.upload("@lab/inputs/a.zip", "a");
    lab.upload("@lab/inputs/a, b.mp4", "b");
    lab.upload("@lab/inputs/set/1.png", "1");
    lab.upload("@lab/inputs/set/deep/2.png", "2");
    lab.upload("@lab/configs/config.yaml", "c");
    lab.upload("@other/inputs/secret.zip", "s");
  }

  private void submit(String json) {
    lab.upload(DOCUMENT, json.replace('\'', '"'));
  }

  private String refusal() {
    assertThat(Inboxes.finished(lab.store, lab.onlyRun())).isEqualTo("FAILED");
    assertThat(lab.takeJobs()).isEmpty();
    return lab.reason(lab.onlyRun()).orElseThrow();
  }

  @Test
  void filesOfALab_startNothingByThemselves() {
    assertThat(lab.runs()).isEmpty();
  }

  @Test
  void document_withAList_makesOneSealedRunWithAJobForEach() {
    submit(
        """
        {'dataname': ['lab/inputs/a.zip', 'lab/inputs/a, b.mp4'],
         'configname': 'lab/configs/config.yaml', 'timestamp': '2026-11-22'}""");
    assertThat(lab.takeJobs())
        .satisfiesExactly(
            a -> {
              assertThat(a.name()).isEqualTo("inputs/a.zip");
              assertThat(a.in().stream().map(InputRef::key))
                  .containsExactly(
                      InboxLab.INBOX + "@lab/inputs/a.zip",
                      InboxLab.INBOX + "@lab/configs/config.yaml");
            },
            b -> assertThat(b.name()).isEqualTo("inputs/a, b.mp4"));
    assertThat(Inboxes.sealed(lab.store, lab.onlyRun())).isTrue();
  }

  @Test
  void document_of2019_namesOneFile() {
    submit("{'filename': 'lab/inputs/a, b.mp4', 'instance_type': 'p2.xlarge'}");
    assertThat(lab.takeNames()).containsExactly("inputs/a, b.mp4");
  }

  @Test
  void folder_isOneJobWithItsFiles() {
    submit("{'dataname': 'inputs/set/'}");
    assertThat(lab.takeJobs())
        .singleElement()
        .satisfies(
            job ->
                assertThat(job.in().stream().map(InputRef::name))
                    .containsExactly("1.png", "deep/2.png"));
  }

  @Test
  void document_inAnOrdinaryFolder_namesWhatLiesBesideIt() {
    lab.put("monday/x.png", "x");
    lab.upload("monday/submit.json", "{\"dataname\": \"x.png\"}");
    assertThat(lab.takeNames()).containsExactly("x.png");
    assertThat(Inboxes.inputs(lab.store, lab.onlyRun())).containsOnlyKeys("x.png");
  }

  @Test
  void event_thatComesAgain_startsNothing() {
    Upload document = lab.put(DOCUMENT, "{\"dataname\": \"inputs/a.zip\"}");
    lab.router.uploads(List.of(document, document));
    lab.router().uploads(List.of(document));
    lab.quiet();
    lab.router().uploads(List.of(document));
    assertThat(Inboxes.inputs(lab.store, lab.onlyRun())).hasSize(1);
  }

  @Test
  void refusal_thatComesAgain_isOneRun() {
    Upload document = lab.put(DOCUMENT, "{}");
    lab.router.uploads(List.of(document));
    lab.router().uploads(List.of(document));
    lab.quiet();
    refusal();
  }

  @Test
  void changedDocument_isAnotherSubmission() {
    submit("{'dataname': 'inputs/a.zip'}");
    submit("{'dataname': 'inputs/a.zip', 'timestamp': 2}");
    assertThat(lab.runs()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'dataname': '@other/inputs/secret.zip'}       | Names are looked for below inbox/simulation/@lab/ only
          {'dataname': 'other/inputs/secret.zip'}        | nothing at "inbox/simulation/@lab/other/inputs/secret.zip"
          {'dataname': '../@other/inputs/secret.zip'}    | the name "../@other/inputs/secret.zip" climbs out of its folder
          {'dataname': 'lab/../../@other/inputs/s'}      | climbs out of its folder
          {'dataname': '/inbox/simulation/@lab/x'}       | is absolute
          {'dataname': ''}                               | has an empty or . part
          {'dataname': 'inputs/none'}                    | is neither an object nor a folder with objects
          {'dataname': ['inputs/a.zip', 'inputs/none']}  | "inputs/none" is neither
          {'dataname': [1]}                              | dataname must be a string or a list of strings, but has "1"
          {'dataname': {}}                               | dataname must be a string or a list of strings, but is "{}"
          {'dataname': []}                               | dataname is missing or empty
          {'datename': 'inputs/a.zip'}                   | unknown keys: datename
          {'dataname': 'inputs/a.zip', 'configname': []} | configname must be a string, but is "[]"
          {'dataname': 'inputs/a.zip', 'configname':'x'} | "x" is neither
          []                                             | it must be a JSON object with the key dataname
          {'dataname': 'inputs/a.zip',,}                 | it is not JSON: line 1, column
          """)
  void badDocument_isRefusedWholeWithAReason(String json, String reason) {
    lab.upload(DOCUMENT, json.replace('\'', '"'));
    assertThat(refusal())
        .startsWith("the submission inbox/simulation/" + DOCUMENT + " was refused: ")
        .contains(reason);
  }

  @Test
  void submission_thatBreaksOff_goesOnLater() {
    boolean[] broken = {true};
    Upload document = lab.put(DOCUMENT, "{\"dataname\": [\"inputs/a.zip\", \"inputs/set\"]}");
    assertThat(lab.routerWithoutQueues(broken).uploads(List.of(document)))
        .containsExactly(document);
    assertThat(Inboxes.sealed(lab.store, lab.onlyRun())).isFalse();
    lab.quiet();
    assertThat(Inboxes.sealed(lab.store, lab.onlyRun())).isTrue();
    lab.router.tick();
    assertThat(lab.takeNames()).contains("inputs/a.zip", "inputs/set");
  }

  @Test
  void submission_whoseDocumentIsGoneBeforeItWentOn_fails() {
    boolean[] broken = {true};
    Upload document = lab.put(DOCUMENT, "{\"dataname\": \"inputs/a.zip\"}");
    lab.routerWithoutQueues(broken).uploads(List.of(document));
    lab.store.delete(document.key());
    lab.quiet();
    assertThat(refusal()).endsWith("was refused: it is gone");
  }
}
