package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.CompressionType;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.stage.convert.ConvertStage;
import io.hyper2kvm.stage.fix.FixResult;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.stage.validate.ValidateResult;
import io.hyper2kvm.stage.validate.ValidateStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertAndValidateTest {

  @TempDir Path directory;
  private Jobs jobs;
  private ConvertStage convert;
  private final ValidateStage validate = new ValidateStage();

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    convert = new ConvertStage(jobs.settings());
  }

  private VmJob validating() throws IOException {
    VmJob job = jobs.loaded();
    validate.begin(job);
    return job;
  }

  private static void fixed(VmJob job, Check... checks) {
    job.keep(new FixResult(List.of(), List.of(checks)));
  }

  private static void assertFails(FailureCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.details().toString()).contains("status=failed");
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 63})
  void anythingButAWholeStructureIsCorrupt(int exitCode) throws IOException {
    VmJob job = validating();

    assertFails(
        FailureCode.OUTPUT_CORRUPT,
        () ->
            validate.acceptCheck(
                job, LoadResult.of(job).disks().get(0), Jobs.result(exitCode, "")));
  }

  @Test
  void anotherFormatIsCorrupt() throws IOException {
    VmJob job = validating();

    assertFails(
        FailureCode.OUTPUT_CORRUPT,
        () ->
            validate.acceptInfo(
                job,
                LoadResult.of(job).disks().get(0),
                Jobs.result(0, "{\"format\":\"raw\",\"virtual-size\":1048576}")));
  }

  @Test
  void anotherSizeDiffers() throws IOException {
    VmJob job = validating();

    assertFails(
        FailureCode.OUTPUT_DIFFERS,
        () ->
            validate.acceptInfo(
                job,
                LoadResult.of(job).disks().get(0),
                Jobs.result(0, "{\"format\":\"qcow2\",\"virtual-size\":1048064}")));
  }

  @Test
  void anUnreadableAnswerIsNoPassedCheck() throws IOException {
    VmJob job = validating();

    assertThatThrownBy(
            () ->
                validate.acceptInfo(
                    job, LoadResult.of(job).disks().get(0), Jobs.result(0, "garbage")))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.TOOL_ANSWER_UNREADABLE));
    assertThat(ValidateResult.of(job).checks()).isEmpty();
  }

  @Test
  void anotherContentDiffers() throws IOException {
    VmJob job = validating();

    assertFails(
        FailureCode.OUTPUT_DIFFERS,
        () ->
            validate.acceptCompare(
                job, LoadResult.of(job).disks().get(0), Jobs.result(1, "Content mismatch")));
  }

  @Test
  void aFailedCheckOfTheGuestFailsTheVm() throws IOException {
    VmJob job = validating();
    fixed(
        job,
        Check.passed("guest_fstab", "fine"),
        Check.failed("guest_boot_entries", "nothing there"));

    assertFails(FailureCode.GUEST_CHECK_FAILED, () -> validate.acceptGuest(job));
  }

  @Test
  void aWarningOfTheGuestIsAWarningOfTheVm() throws IOException {
    VmJob job = validating();
    fixed(job, Check.warning("guest_fstab", "row 3"));
    validate.acceptGuest(job);
    validate.finish(job);

    assertThat(JobOutcome.of(job).warnings()).containsExactly("guest_fstab: row 3");
    assertThat(JobOutcome.of(job).succeeded()).isTrue();
  }

  @Test
  void checksThatHoldStandInTheReport() throws IOException {
    VmJob job = validating();
    VmDisk disk = LoadResult.of(job).disks().get(0);
    validate.acceptCheck(job, disk, Jobs.result(0, ""));
    validate.acceptInfo(
        job, disk, Jobs.result(0, "{\"format\":\"qcow2\",\"virtual-size\":1048576}"));
    validate.acceptCompare(job, disk, Jobs.result(0, ""));
    validate.finish(job);

    StageReport report = JobOutcome.of(job).stages().get(StageName.VALIDATE);
    assertThat((List<?>) report.details().get("checks"))
        .extracting(check -> String.valueOf(((Map<?, ?>) check).get("name")))
        .containsExactly("image_integrity", "format", "virtual_size", "content");
    assertThat(report.details().toString()).doesNotContain("failed");
  }

  @Test
  void onlyFormatsWithAStructureAreChecked() {
    assertThat(validate.hasStructure(jobs.job())).isTrue();
    jobs.format = OutputFormat.RAW;
    assertThat(validate.hasStructure(jobs.job())).isFalse();
    jobs.validate = new ValidateSpec(false, false);
    assertThat(validate.isNeeded(jobs.job())).isFalse();
  }

  @Test
  void theCopyGoesFromTheOverlayToThePart() throws IOException {
    VmJob job = jobs.loaded();
    VmDisk disk = LoadResult.of(job).disks().get(0);

    assertThat(convert.copy(job, disk).arguments())
        .containsExactly(
            "convert",
            "-p",
            "-O",
            "qcow2",
            "-m",
            "8",
            "json:{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\",\"filename\":\"%s\"}}"
                .formatted(disk.overlay()),
            disk.part().toString());
  }

  @Test
  void compressionIsStated() throws IOException {
    jobs.compress = true;
    jobs.compression = CompressionType.ZLIB;
    VmJob job = jobs.loaded();

    assertThat(convert.copy(job, LoadResult.of(job).disks().get(0)).arguments())
        .containsSubsequence("-O", "qcow2", "-W", "-c", "-o", "compression_type=zlib");
  }

  @Test
  void theOutputIsLookedAtUnderItsTemporaryName() throws IOException {
    VmJob job = jobs.loaded();
    VmDisk disk = LoadResult.of(job).disks().get(0);

    assertThat(validate.check(job, disk).arguments().get(2))
        .contains(disk.part().toString())
        .doesNotContain("\"" + disk.target() + "\"");
    assertThat(validate.compare(job, disk).arguments().get(2)).contains(disk.overlay().toString());
  }

  @Test
  void theReportSaysWhatWasMade() throws IOException {
    jobs.additional = List.of(Files.write(jobs.root.resolve("in/data.img"), new byte[1 << 20]));
    jobs.compress = true;
    VmJob job = jobs.loaded();
    convert.begin(job);
    convert.finish(job);

    assertThat(JobOutcome.of(job).stages().get(StageName.CONVERT).details())
        .containsEntry("output_file", jobs.output.toString())
        .containsEntry(
            "output_files",
            List.of(jobs.output.toString(), jobs.root.resolve("out/web-disk2.qcow2").toString()))
        .containsEntry("output_format", "qcow2")
        .containsEntry("compression_type", "zstd")
        .containsEntry("size_bytes", 12L);
  }
}
