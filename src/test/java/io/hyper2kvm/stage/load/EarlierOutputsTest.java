package io.hyper2kvm.stage.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageStatus;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.Sha256;
import io.hyper2kvm.stage.SourceFingerprint;
import io.hyper2kvm.stage.SourceFingerprint.FileState;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.stage.provenance.Provenance;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import io.hyper2kvm.stage.publish.Publication;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What LOAD makes of outputs that are there: this job's own, half of them, or somebody's. */
class EarlierOutputsTest {

  /** The hash of a device's first MiB. */
  private static final String HEAD = "1".repeat(64);

  @TempDir Path directory;
  private Jobs jobs;

  @BeforeEach
  void create() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
  }

  private void withTwoDisks() throws IOException {
    jobs.additional = List.of(Files.write(jobs.root.resolve("in/data.img"), new byte[1 << 20]));
  }

  private VmJob published() throws IOException {
    VmJob job = jobs.converted();
    job.warn("look at me");
    new Publication().publish(job);
    return job;
  }

  private VmJob again() throws IOException {
    VmJob job = jobs.job();
    jobs.load().prepare(job);
    return job;
  }

  private Path record() {
    return jobs.root.resolve("out/web.qcow2.provenance.json");
  }

  private Path second() {
    return jobs.root.resolve("out/web-disk2.qcow2");
  }

  private void assertForeign(String... words) {
    assertThatThrownBy(this::again)
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.OUTPUT_EXISTS))
        .hasMessageContaining(jobs.output.toString())
        .message()
        .contains(words);
  }

  @Test
  void aDifferentPipelineIsNamedByItsKey() throws IOException {
    published();
    jobs.compress = true;

    assertForeign("another pipeline", "/convert/compress: was false, is true");
  }

  @Test
  void aFixThatWasNotAskedForIsNamed() throws IOException {
    published();
    jobs.fix =
        new FixSpec(
            Optional.of(FstabMode.STABILIZE_ALL),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    assertForeign("/fix/fstab: was not asked for, is {\"mode\":\"stabilize-all\"}");
  }

  private Path script(String text) throws IOException {
    Path script = Files.writeString(jobs.root.resolve("in/first.sh"), text);
    jobs.fix = FixSpec.NOTHING.withFirstboot(Optional.of(script));
    return script;
  }

  @Test
  void aScriptWithOtherWordsUnderTheSameNameIsAnotherJob() throws IOException {
    script("#!/bin/sh\necho one\n");
    published();
    script("#!/bin/sh\necho two\n");

    assertForeign("another pipeline", "/firstboot/sha256: was ");
  }

  @Test
  void withTheSameScriptTheOutputIsReused() throws IOException {
    Path script = script("#!/bin/sh\necho one\n");
    published();
    Files.setLastModifiedTime(script, FileTime.fromMillis(1));

    assertThat(again().reuses()).isTrue();
  }

  @Test
  void aScriptThatWasNotAskedForIsNamed() throws IOException {
    published();
    script("#!/bin/sh\n");

    assertForeign("/firstboot: was not asked for");
  }

  @Test
  void aBootTestThatWasNotMadeIsNamed() throws IOException {
    published();
    jobs.validate = new ValidateSpec(true, true);

    assertForeign("/validate/boot_test");
  }

  @Test
  void aSourceWrittenToSinceIsNamed() throws IOException {
    published();
    Files.setLastModifiedTime(jobs.source, FileTime.fromMillis(1));

    assertForeign("another source", jobs.source.toString(), "1970-01-01");
  }

  @Test
  void anOutputWrittenToSinceIsNobodys() throws IOException {
    published();
    FileTime time = Files.getLastModifiedTime(jobs.output);
    Files.setLastModifiedTime(jobs.output, FileTime.from(time.toInstant().plusNanos(1)));

    assertForeign("was written to since");
  }

  @Test
  void anOutputWithoutARecordIsNobodys() throws IOException {
    published();
    Files.delete(record());

    assertForeign("no readable record");
  }

  @Test
  void aRecordCopiedBesideAnotherOutputProvesNothing() throws IOException {
    published();
    jobs.output = Files.copy(jobs.output, jobs.root.resolve("out/other.qcow2"));
    Files.copy(record(), jobs.root.resolve("out/other.qcow2.provenance.json"));

    assertForeign("/convert/output_path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"outputs\": 1",
        "{\"outputs\": [{\"path\": \"\\u0000\", \"size_bytes\": 1, \"modified_at\": \"x\"}]}",
        "{\"completed_at\": \"2026-01-01T00:00:00Z\", \"manifest\": \"m\", \"vm\": \"v\"}",
        "not JSON at all \u0001",
      })
  void aGarbledRecordIsNone(String content) throws IOException {
    published();
    Files.writeString(record(), content);

    assertForeign("no readable record");
  }

  @Test
  void aRecordNestedWithoutEndIsNone() throws IOException {
    published();
    Files.writeString(record(), "[".repeat(1 << 20));

    assertForeign("no readable record");
  }

  @Test
  void ofEveryCutOffRecordNothingIsBelieved() throws IOException {
    published();
    String whole = Files.readString(record());
    for (int length = 0; length < whole.stripTrailing().length(); length += 7) {
      Files.writeString(record(), whole.substring(0, length));
      assertForeign("no readable record");
    }
  }

  @Test
  void aHugeRecordIsNotRead() throws IOException {
    published();
    try (RandomAccessFile file = new RandomAccessFile(record().toFile(), "rw")) {
      file.setLength(1L << 40);
    }

    assertForeign("no readable record");
  }

  @Test
  void aLinkToAGoodRecordIsNone() throws IOException {
    published();
    Path elsewhere = Files.move(record(), jobs.root.resolve("elsewhere"));
    Files.createSymbolicLink(record(), elsewhere);

    assertForeign("no readable record");
  }

  @Test
  void aLinkInTheRecordsPlaceIsReplacedAndNotWrittenThrough() throws IOException {
    Path victim = Files.writeString(jobs.root.resolve("victim"), "precious");
    Files.createSymbolicLink(record(), victim);

    published();

    assertThat(victim).hasContent("precious");
    assertThat(record()).isRegularFile();
    assertThat(again().reuses()).isTrue();
  }

  @Test
  @Timeout(20)
  void aPipeInTheRecordsPlaceIsNotOpened() throws Exception {
    published();
    Files.delete(record());
    assertThat(new ProcessBuilder("mkfifo", record().toString()).start().waitFor()).isZero();

    assertForeign("no readable record");
  }

  @Test
  void aDirectoryInTheRecordsPlaceIsNamedBeforeAnyWork() throws IOException {
    Files.createDirectory(record());

    assertThatThrownBy(this::again)
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.OUTPUT_NOT_WRITABLE))
        .hasMessageContaining(record().toString());
  }

  @Test
  void theWordsOfAHostileRecordAreShort() throws IOException {
    published();
    Files.writeString(
        record(),
        Files.readString(record())
            .replace(
                "\"output_format\" :", "\"x\" : \"" + "A\\u001b".repeat(9000) + "\", \"y\" :"));

    assertThatThrownBy(this::again).message().hasSizeLessThan(1500).doesNotContain("\u001b");
  }

  @Test
  void theSameJobAgainIsReusedWithoutADiskToWorkOn() throws IOException {
    published();

    VmJob job = again();

    assertThat(job.reuses()).isTrue();
    assertThat(jobs.load().disks(job)).isEmpty();
    assertThat(job.directory()).doesNotExist();
  }

  @Test
  void theOutcomeIsThatOfTheRunThatDidTheWork() throws IOException {
    VmJob first = jobs.converted();
    first.warn("look at me");
    new Publication().publish(first);
    VmOutcome original = JobOutcome.of(first);
    jobs.name = "another-name";

    VmOutcome reused = JobOutcome.of(again());

    assertThat(reused.succeeded()).isTrue();
    assertThat(reused.name()).isEqualTo("another-name");
    assertThat(reused.outputs()).containsExactly(jobs.output);
    assertThat(reused.warnings()).containsExactly("look at me");
    assertThat(reused.reusedFrom().orElseThrow().vm()).isEqualTo("web");
    assertThat(reused.reusedFrom().orElseThrow().manifest()).isEqualTo("m");
    assertThat(reused.reusedFrom().orElseThrow().provenance()).isEqualTo(record());
    assertThat(reused.stages().get(StageName.CONVERT).details())
        .containsAllEntriesOf(
            Map.of("output_file", jobs.output.toString(), "output_format", "qcow2"));
    assertThat(reused.stages().get(StageName.CONVERT).startedAt())
        .isEqualTo(original.stages().get(StageName.CONVERT).startedAt());
  }

  @Test
  void aSumOfASourceThatIsTheSameIsNotMadeAgain() throws IOException {
    jobs.sha256 = Optional.of(Sha256.of(jobs.source));
    published();
    FileTime time = Files.getLastModifiedTime(jobs.source);
    // Another content with the same size and time, which only a sum would show.
    Files.write(jobs.source, new byte[] {1});
    try (RandomAccessFile file = new RandomAccessFile(jobs.source.toFile(), "rw")) {
      file.setLength(1 << 20);
    }
    Files.setLastModifiedTime(jobs.source, time);

    assertThat(again().reuses()).isTrue();
  }

  /**
   * Looks at the outputs of a run whose source was a block device with a checksum.
   *
   * @param head the hash of the device's first MiB, as it is now
   * @param sha256 the hash of the whole device, as it is now, if it was computed
   */
  private EarlierOutputs ofDevice(String head, Optional<String> sha256) throws IOException {
    jobs.sha256 = Optional.of(Sha256.of(jobs.source));
    VmJob job = published();
    Files.writeString(
        record(),
        Files.readString(record())
            .replaceFirst("\"modified_at\" : \"[^\"]*\"", "\"head_sha256\" : \"" + HEAD + "\""));
    FileState device =
        new FileState(jobs.source, 1 << 20, FileTime.fromMillis(0), Optional.of(head));
    return EarlierOutputs.at(
        job.spec().pipeline(),
        Optional.empty(),
        List.of(new SourceFingerprint(List.of(device), sha256)),
        List.of(jobs.output),
        Optional.empty());
  }

  @Test
  void theOutputOfADeviceWithTheSameChecksumIsReused() throws IOException {
    EarlierOutputs earlier = ofDevice(HEAD, Optional.of(Sha256.of(jobs.source)));

    assertThat(earlier.reusable()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "1, , without a checksum",
    "1, 2, its sha256 was",
    "3, SAME, had 1048576 bytes",
  })
  void theOutputOfADeviceThatMayHaveChangedIsNot(String head, String sha256, String why)
      throws IOException {
    String same = Sha256.of(jobs.source);
    Optional<String> now =
        Optional.ofNullable(sha256).map(it -> it.equals("SAME") ? same : it.repeat(64));

    assertThatThrownBy(() -> ofDevice(head.repeat(64), now))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.OUTPUT_EXISTS))
        .hasMessageContaining(why);
  }

  @Test
  void aRunWithMoreDetailsThanARecordHoldsIsReusedWithoutThem() throws IOException {
    VmJob job = jobs.converted();
    job.enter(StageName.CONVERT);
    job.complete(() -> Map.of("checks", "x".repeat(ProvenanceFile.MAX_BYTES)));
    new Publication().publish(job);

    VmOutcome reused = JobOutcome.of(again());

    assertThat(reused.reusedFrom()).isPresent();
    assertThat(reused.stages().get(StageName.CONVERT).status()).isEqualTo(StageStatus.SUCCESS);
    assertThat(reused.stages().get(StageName.CONVERT).details()).isEmpty();
    assertThat(reused.warnings()).hasSize(1);
  }

  @Test
  void withOverwriteTheSameJobIsReusedAllTheSame() throws IOException {
    published();
    jobs.overwrite = true;

    assertThat(again().reuses()).isTrue();
  }

  @Test
  void withOverwriteAnotherPipelineIsDoneAnew() throws IOException {
    published();
    jobs.overwrite = true;
    jobs.compress = true;

    VmJob job = again();

    assertThat(job.reuses()).isFalse();
    assertThat(LoadResult.of(job).disks()).hasSize(1);
  }

  @Test
  void aRecordWithoutOutputsIsNothing() throws IOException {
    published();
    Files.delete(jobs.output);

    assertThat(again().reuses()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"web.qcow2", "web-disk2.qcow2"})
  void halfAPublicationIsMadeWhole(String lost) throws IOException {
    withTwoDisks();
    published();
    Files.delete(jobs.root.resolve("out").resolve(lost));

    assertThat(JobOutcome.of(published()).outputs()).containsExactly(jobs.output, second());

    assertThat(again().reuses()).isTrue();
  }

  @Test
  void halfAPublicationWrittenToSinceIsKept() throws IOException {
    withTwoDisks();
    published();
    Files.delete(second());
    Files.writeString(jobs.output, "somebody's");

    assertForeign("was written to since");
    assertThat(jobs.output).hasContent("somebody's");
  }

  @Test
  void halfAPublicationWrittenToDuringTheWorkIsKept() throws IOException {
    withTwoDisks();
    published();
    Files.delete(second());
    VmJob job = jobs.converted();
    Files.writeString(jobs.output, "somebody's");

    assertThatThrownBy(() -> new Publication().publish(job))
        .isInstanceOf(StageFailedException.class);

    assertThat(jobs.output).hasContent("somebody's");
  }

  @Test
  void halfAPublicationOfAnotherPipelineIsKept() throws IOException {
    withTwoDisks();
    published();
    Files.delete(second());
    jobs.compress = true;

    assertForeign("/convert/compress");
  }

  @Test
  void theRecordSaysTheSameWhenItWasReadAndWrittenAgain() throws IOException {
    withTwoDisks();
    published();
    byte[] content = Files.readAllBytes(record());

    Provenance read = Provenance.parse(content).orElseThrow();

    assertThat(read.json(List.of(jobs.source, jobs.additional.get(0)))).isEqualTo(content);
  }
}
