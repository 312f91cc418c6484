package io.hyper2kvm.daemon.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.TestClock;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.Subject;
import io.hyper2kvm.signature.TestKeys;
import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.FileIdentity;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTest {

  @TempDir Path directory;
  private WorkflowDirectories directories;
  private final TestClock clock = new TestClock();
  private ManifestRecords records;
  private RunMark mark;
  private Recovery recovery;

  @BeforeEach
  void create() throws IOException {
    directories = new WorkflowDirectories(directory.resolve("workflow"));
    directories.create();
    records = new ManifestRecords(directories);
    mark = new RunMark(directories);
    recovery = recovery();
  }

  private Recovery recovery() {
    return new Recovery(directories, new ManifestPlaces(), Optional.empty(), clock);
  }

  private Path atWork(String name) throws IOException {
    return Files.writeString(directories.processing().resolve(name), "content of " + name);
  }

  private Path dropped(String name) {
    return directories.toBeProcessed().resolve(name);
  }

  /** The next process takes the manifest and is killed; the one after it recovers. */
  private void crashWith(String name, String process) throws IOException {
    if (Files.exists(dropped(name))) {
      Files.move(dropped(name), directories.processing().resolve(name));
    }
    Files.writeString(directories.recovery().resolve("running"), process);
    recovery().run();
  }

  private static void assertHolds(Path folder, String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void aRelativeWorkflowDirectoryIsRefused() {
    assertThatThrownBy(() -> new WorkflowDirectories(Path.of("workflow")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private CancelRequest cancel(Path manifest) throws IOException {
    return CancelRequest.write(
        directories, manifest.getFileName().toString(), FileIdentity.of(manifest).orElseThrow());
  }

  @Test
  void aManifestThatWasBeingGivenUpIsNotBegunAgain() throws IOException {
    CancelRequest heard = cancel(atWork("web.json")).heard();

    recovery.run();

    assertThat(heard.file()).doesNotExist();
    assertThat(CancelRequest.pending(directories))
        .singleElement()
        .satisfies(request -> assertThat(request.manifest().isAt(dropped("web.json"))).isTrue());
  }

  @Test
  void aRequestThatNobodyHeardStays() throws IOException {
    cancel(atWork("web.json"));
    cancel(Files.writeString(dropped("later.json"), "{}"));

    recovery.run();

    assertThat(CancelRequest.pending(directories)).hasSize(2);
  }

  @Test
  void aRequestForWhatIsNotThereAnyMoreGoes() throws IOException {
    Path manifest = atWork("web.json");
    cancel(manifest);
    Files.delete(manifest);

    recovery.run();

    assertThat(CancelRequest.all(directories)).isEmpty();
  }

  @Test
  void withoutItsFolderTheRecoveryFailsLoudly() throws IOException {
    Files.delete(directories.processing());

    assertThatThrownBy(recovery::run).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void theFoldersAreTheContractsAndMadeTwiceWithoutHarm() throws IOException {
    directories.create();

    assertHolds(
        directories.root(), "to_be_processed", "processing", "processed", "failed", ".recovery");
    assertThat(WorkflowDirectories.day(directories.failed(), LocalDate.of(2026, 1, 4)))
        .isEqualTo(directories.root().resolve("failed/2026-01-04"));
  }

  @Test
  void nothingLeftIsNothingDone() throws IOException {
    assertThat(recovery.run()).isEmpty();
  }

  @Test
  void aManifestAtWorkGoesBackAndItsStatusGoes() throws IOException {
    Files.writeString(directories.processing().resolve("web.json"), "{1}");
    Files.writeString(directories.processing().resolve("web.json.status.json"), "{}");
    Files.writeString(directories.processing().resolve(".web.json.status.json.tmp"), "{");

    assertThat(recovery.run()).containsExactly(directories.toBeProcessed().resolve("web.json"));

    assertHolds(directories.processing());
    assertHolds(directories.toBeProcessed(), "web.json");
    assertThat(directories.toBeProcessed().resolve("web.json")).hasContent("{1}");
  }

  @Test
  void aManifestDroppedMeanwhileIsNotOverwritten() throws IOException {
    Files.writeString(directories.processing().resolve("web.json"), "old");
    Files.writeString(directories.toBeProcessed().resolve("web.json"), "new");

    recovery.run();

    assertThat(directories.toBeProcessed().resolve("web.json")).hasContent("new");
    assertThat(directories.toBeProcessed().resolve("web.2.json")).hasContent("old");
  }

  @Test
  void whatIsNoRegularFileStaysWhereItIs() throws IOException {
    Files.createDirectory(directories.processing().resolve("folder.json"));
    Files.createSymbolicLink(
        directories.processing().resolve("link.json"), directory.resolve("elsewhere"));

    assertThat(recovery.run()).isEmpty();
    assertHolds(directories.processing(), "folder.json", "link.json");
  }

  @Test
  void severalManifestsComeBackInOrder() throws IOException {
    for (String name : new String[] {"c.yaml", "a.json", "b.yml"}) {
      Files.writeString(directories.processing().resolve(name), name);
    }

    assertThat(recovery.run())
        .extracting(path -> path.getFileName().toString())
        .containsExactly("a.json", "b.yml", "c.yaml");
  }

  private Path end(Path folder, String name) throws IOException {
    return Files.createDirectories(folder.resolve("2026-01-24")).resolve(name);
  }

  @Test
  void killedBetweenReportAndMoveOnlyTheMoveIsMadeUpFor() throws IOException {
    Path manifest = atWork("web.json");
    Path end = end(directories.processed(), "web.json");
    records.keepEnd(manifest, new ManifestFile("web.json"), end);
    Files.writeString(end.resolveSibling("web.json.report.json"), "{}");

    assertThat(recovery.run()).isEmpty();

    assertHolds(end.getParent(), "web.json", "web.json.report.json");
    assertHolds(directories.toBeProcessed());
    assertHolds(directories.recovery());
  }

  private void log(String manifest) throws IOException {
    Files.writeString(directories.processing().resolve(manifest + ".log"), "a line");
  }

  @Test
  void killedBetweenReportAndMoveTheLogGoesWithTheManifest() throws IOException {
    Path manifest = atWork("web.json");
    log("web.json");
    Path end = end(directories.processed(), "web.2.json");
    records.keepEnd(manifest, new ManifestFile("web.json"), end);
    Files.writeString(end.resolveSibling("web.2.json.report.json"), "{}");

    recovery.run();

    assertHolds(end.getParent(), "web.2.json", "web.2.json.log", "web.2.json.report.json");
    assertHolds(directories.processing());
  }

  @Test
  void killedAfterTheMoveOfTheLogOnlyTheManifestsIsMadeUpFor() throws IOException {
    Path manifest = atWork("web.json");
    Path end = end(directories.failed(), "web.json");
    records.keepEnd(manifest, new ManifestFile("web.json"), end);
    Files.writeString(end.resolveSibling("web.json.error.json"), "{}");
    Files.writeString(end.resolveSibling("web.json.log"), "a line");

    recovery.run();

    assertHolds(end.getParent(), "web.json", "web.json.error.json", "web.json.log");
  }

  @Test
  void theLogOfAManifestThatRunsAgainIsKeptForItAndForNoOther() throws IOException {
    atWork("web.json");
    log("web.json");

    recovery.run();
    assertHolds(directories.toBeProcessed(), "web.json");
    assertHolds(directories.processing());
    Path again = directories.processing().resolve("web.3.json");
    Path other = Files.writeString(directories.processing().resolve("other.json"), "{}");
    records.returnLog(other);
    assertHolds(directories.processing(), "other.json");
    Files.move(dropped("web.json"), again);
    records.returnLog(again);

    assertHolds(directories.processing(), "other.json", "web.3.json", "web.3.json.log");
    assertHolds(directories.recovery());
  }

  @Test
  void aKeptLogGoesWithItsManifest() throws IOException {
    atWork("web.json");
    log("web.json");
    recovery.run();
    Files.delete(dropped("web.json"));

    recovery.run();

    assertHolds(directories.recovery());
  }

  @Test
  void killedBetweenErrorFileAndMoveOnlyTheMoveIsMadeUpFor() throws IOException {
    Path manifest = atWork("web.2.json");
    Path end = end(directories.failed(), "web.json");
    records.keepEnd(manifest, new ManifestFile("web.json"), end);
    Files.writeString(end.resolveSibling("web.json.error.json"), "{}");

    recovery.run();

    assertHolds(end.getParent(), "web.json", "web.json.error.json");
  }

  @Test
  void killedBeforeTheReportWasWholeItRunsAgainAndNothingOfItStays() throws IOException {
    Path manifest = atWork("web.json");
    Path end = end(directories.processed(), "web.json");
    records.keepEnd(manifest, new ManifestFile("web.json"), end);
    Files.writeString(end.resolveSibling(".web.json.report.json.tmp"), "{");

    assertThat(recovery.run()).containsExactly(dropped("web.json"));

    assertHolds(end.getParent());
    assertHolds(directories.recovery());
  }

  @Test
  void killedBetweenRetryManifestAndErrorFileItRunsAgainAndTheRetryGoes() throws IOException {
    Path manifest = atWork("web.json");
    Path end = end(directories.failed(), "web.json");
    records.keepEnd(manifest, new ManifestFile("web.json"), end);
    Files.writeString(end.resolveSibling("web.retry.json"), "{}");

    assertThat(recovery.run()).containsExactly(dropped("web.json"));
    assertHolds(end.getParent());
  }

  @Test
  void killedBetweenSignatureAndReportItRunsAgainAndTheSignatureGoes() throws IOException {
    for (String kind : List.of("report", "error")) {
      Path manifest = atWork("web.json");
      Path end = end(directories.processed(), "web.json");
      records.keepEnd(manifest, new ManifestFile("web.json"), end);
      Files.writeString(end.resolveSibling("web.json." + kind + ".json.intoto.jsonl"), "{}");
      Files.writeString(end.resolveSibling(".web.json." + kind + ".json.intoto.jsonl.tmp"), "{");

      assertThat(recovery.run()).containsExactly(dropped("web.json"));
      assertHolds(end.getParent());
      Files.delete(dropped("web.json"));
    }
  }

  @Test
  void killedBetweenASignedReportAndTheMoveTheSignatureStays() throws IOException {
    Path manifest = atWork("web.json");
    Path end = end(directories.processed(), "web.json");
    records.keepEnd(manifest, new ManifestFile("web.json"), end);
    Files.writeString(end.resolveSibling("web.json.report.json"), "{}");
    Files.writeString(end.resolveSibling("web.json.report.json.intoto.jsonl"), "{}");

    recovery.run();

    assertHolds(
        end.getParent(), "web.json", "web.json.report.json", "web.json.report.json.intoto.jsonl");
  }

  @Test
  void theErrorFileOfAGivenUpManifestIsSigned() throws IOException {
    SignedReports signed = new SignedReports(Optional.of(TestKeys.signer(directory, "own")));
    recovery =
        new Recovery(
            directories,
            new ManifestPlaces(),
            Optional.empty(),
            ProgressListener.NONE,
            signed,
            clock);
    Path manifest = atWork("web.json");
    List<ManifestRecord.Crash> crashes = List.of(crash("1 1 a"), crash("2 2 a"), crash("3 3 a"));
    records.write(
        manifest, new ManifestRecord(new ManifestFile("web.json"), Optional.empty(), crashes));

    recovery.run();

    Path day = directories.failed().resolve("2026-01-24");
    assertHolds(day, "web.json", "web.json.error.json", "web.json.error.json.intoto.jsonl");
    Path error = day.resolve("web.json.error.json");
    assertThat(
            Statement.in(AttestationFile.read(AttestationFile.beside(error)).envelopes().get(0))
                .subjects())
        .containsExactly(Subject.of("web.json.error.json", Files.readAllBytes(error)));
  }

  private static ManifestRecord.Crash crash(String process) {
    return new ManifestRecord.Crash(process, "2026-01-24T14:30:45Z");
  }

  @Test
  void aReportOfAnotherManifestIsNotTakenForThisOnes() throws IOException {
    Path end = end(directories.processed(), "web.json");
    records.keepEnd(atWork("web.json"), new ManifestFile("web.json"), end);
    Files.writeString(end.resolveSibling("web.json.report.json"), "{}");
    Files.delete(directories.processing().resolve("web.json"));
    // Another inode, or at least another time and size.
    Files.writeString(directories.processing().resolve("web.json"), "another manifest, longer");

    assertThat(recovery.run()).containsExactly(dropped("web.json"));
  }

  @Test
  void anEndOutsideOfTheContractsFoldersIsNotBelieved() throws IOException {
    Path manifest = atWork("web.json");
    Path end = Files.createDirectories(directory.resolve("elsewhere")).resolve("web.json");
    records.keepEnd(manifest, new ManifestFile("web.json"), end);
    Files.writeString(end.resolveSibling("web.json.report.json"), "{}");

    assertThat(recovery.run()).containsExactly(dropped("web.json"));
    assertThat(end).doesNotExist();
  }

  @Test
  void theNumberOfProcessingIsNoPartOfTheName() throws IOException {
    records.keepOriginal(atWork("web.2.json"), new ManifestFile("web.json"));

    assertThat(recovery.run()).containsExactly(dropped("web.json"));
    assertHolds(directories.recovery());
  }

  @Test
  void twoOfOneNameComeBackAndBothKeepIt() throws IOException {
    atWork("web.json");
    records.keepOriginal(atWork("web.2.json"), new ManifestFile("web.json"));

    List<Path> putBack = recovery.run();

    assertThat(putBack).containsExactlyInAnyOrder(dropped("web.json"), dropped("web.2.json"));
    for (Path path : putBack) {
      assertThat(records.original(path).orElse(ManifestFile.of(path)))
          .isEqualTo(new ManifestFile("web.json"));
    }
  }

  @Test
  void aManifestDroppedMeanwhileIsNotReplaced() throws IOException {
    Files.writeString(dropped("web.json"), "dropped meanwhile");
    atWork("web.json");

    assertThat(recovery.run()).containsExactly(dropped("web.2.json"));
    assertThat(dropped("web.json")).hasContent("dropped meanwhile");
    assertThat(records.original(dropped("web.2.json"))).contains(new ManifestFile("web.json"));
  }

  @Test
  void aFileOfALongNameHoldsUpNoStart() throws IOException {
    String name = "w".repeat(250) + ".json";
    atWork(name);

    assertThat(recovery.run()).containsExactly(dropped(name));
  }

  @Test
  void aNameIsNotKeptForAnotherFile() throws IOException {
    atWork("web.json");
    records.keepOriginal(atWork("web.2.json"), new ManifestFile("web.json"));
    recovery.run();
    Path second = dropped("web.2.json");
    Files.writeString(second, "corrected by an operator");

    assertThat(records.original(second)).isEmpty();
  }

  @Test
  void afterThreeCrashesAManifestIsGivenUp() throws IOException {
    atWork("web.json");
    crashWith("web.json", "1 1 a");
    crashWith("web.json", "2 2 a");
    assertHolds(directories.toBeProcessed(), "web.json");
    crashWith("web.json", "3 3 a");

    Path day = directories.failed().resolve("2026-01-24");
    assertHolds(day, "web.json", "web.json.error.json");
    JsonNode error = new ObjectMapper().readTree(day.resolve("web.json.error.json").toFile());
    assertThat(error.path("code").asText()).isEqualTo("CRASHED_REPEATEDLY");
    assertThat(error.path("error").asText()).contains("3 times", "2026-01-24T14:30:45Z");
    assertThat(error.path("original_name").asText()).isEqualTo("web.json");
    assertHolds(directories.toBeProcessed());
    assertHolds(directories.processing());
  }

  @Test
  void movedBackAGivenUpManifestHasThreeTriesAgain() throws IOException {
    atWork("web.json");
    for (int i = 1; i <= 3; i++) {
      crashWith("web.json", i + " 1 a");
    }
    Files.move(directories.failed().resolve("2026-01-24/web.json"), dropped("web.json"));

    crashWith("web.json", "4 1 a");
    crashWith("web.json", "5 1 a");
    assertHolds(directories.toBeProcessed(), "web.json");
    crashWith("web.json", "6 1 a");
    assertHolds(directories.toBeProcessed());
  }

  @Test
  void oneCrashCountsOnceThoughTheRecoveryIsKilledToo() throws IOException {
    atWork("web.json");
    for (int i = 0; i < 5; i++) {
      crashWith("web.json", "1 1 a");
    }

    assertHolds(directories.toBeProcessed(), "web.json");
  }

  @Test
  void aStopIsNoCrash() throws IOException {
    for (int i = 0; i < 4; i++) {
      mark.set();
      mark.clear();
      atWork("web.json");
      recovery().run();
      Files.delete(dropped("web.json"));
    }
    assertHolds(directories.failed());
  }

  @Test
  void anotherManifestOfTheNameInheritsNoCrash() throws IOException {
    atWork("web.json");
    crashWith("web.json", "1 1 a");
    crashWith("web.json", "2 2 a");
    Files.delete(dropped("web.json"));
    atWork("web.json");
    Files.writeString(directories.processing().resolve("web.json"), "another, of another size");

    crashWith("web.json", "3 3 a");

    assertHolds(directories.toBeProcessed(), "web.json");
  }

  @Test
  void onlyManifestsAtWorkAreCounted() throws IOException {
    Files.writeString(dropped("waiting.json"), "{}");
    atWork("web.json");
    for (int i = 1; i <= 3; i++) {
      crashWith("web.json", i + " 1 a");
    }

    assertHolds(directories.toBeProcessed(), "waiting.json");
  }

  /** Waits for nights: a crash of that time has other causes. */
  @ParameterizedTest
  @CsvSource({
    "'{\"status\": \"waiting\", \"waiting_for\": \"schedule\"}', true",
    "'{\"status\": \"waiting\", \"waiting_for\": \"drain\"}', true",
    "'{\"status\": \"failed\"}, {\"status\": \"waiting\", \"waiting_for\": \"drain\"}', true",
    "'{\"status\": \"waiting\"}', false",
    "'{\"status\": \"waiting\", \"waiting_for\": \"space\"}', false",
    "'{\"status\": \"running\", \"waiting_for\": \"drain\"}', false",
    "'{\"status\": \"running\"}, {\"status\": \"waiting\", \"waiting_for\": \"drain\"}', false",
    "'{\"status\": \"completed\"}', false",
    "'{', false",
    "'', false"
  })
  void noCrashIsCountedOfAManifestWhoseVmsWereAllHeld(String vms, boolean held) throws IOException {
    atWork("web.json");
    for (int i = 1; i <= 3; i++) {
      Files.writeString(
          directories.processing().resolve("web.json.status.json"), "{\"vms\": [" + vms + "]}");
      crashWith("web.json", i + " 1 a");
    }

    assertThat(dropped("web.json"))
        .satisfies(file -> assertThat(Files.exists(file)).isEqualTo(held));
  }

  @Test
  void recordsOfManifestsThatAreGoneGo() throws IOException {
    Path manifest = atWork("web.2.json");
    records.keepOriginal(manifest, new ManifestFile("web.json"));
    Files.delete(manifest);
    Files.writeString(directories.recovery().resolve(".running.tmp"), "1");

    recovery.run();

    assertHolds(directories.recovery());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{\"original_name\": \"a/b\"}", "{\"original_name\": 7}", "null"})
  void aRecordOfNoUseIsAsGoodAsNone(String content) throws IOException {
    Path manifest = atWork("web.json");
    records.keepOriginal(manifest, new ManifestFile("other.json"));
    try (Stream<Path> files = Files.list(directories.recovery())) {
      Files.writeString(files.findFirst().orElseThrow(), content);
    }

    assertThat(recovery.run()).containsExactly(dropped("web.json"));
  }
}
