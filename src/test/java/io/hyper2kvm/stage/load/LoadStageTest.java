package io.hyper2kvm.stage.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.model.SourceType;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageStatus;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.Sha256;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.stage.space.SpaceReservations;
import io.hyper2kvm.tool.ToolResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadStageTest {

  @TempDir Path directory;
  private Jobs jobs;

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath());
    jobs.withRawSource();
  }

  private static void assertFails(FailureCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  private void assertRefused(FailureCode code) {
    VmJob job = jobs.job();
    assertThatThrownBy(() -> jobs.load().prepare(job))
        .isInstanceOfSatisfying(
            ImageRefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(job.results().find(LoadResult.class)).isEmpty();
    assertThat(job.directory()).doesNotExist();
  }

  @Test
  void aMissingSourceIsRefused() throws IOException {
    Files.delete(jobs.source);

    assertRefused(FailureCode.SOURCE_NOT_FOUND);
  }

  @Test
  void aFolderAsSourceIsRefused() {
    jobs.source = jobs.folder("in/folder.vmdk");
    jobs.type = SourceType.VMDK;

    assertRefused(FailureCode.SOURCE_NOT_REGULAR);
  }

  @Test
  void aLinkAsSourceIsRefused() throws IOException {
    jobs.source = Files.createSymbolicLink(jobs.root.resolve("in/link.img"), jobs.source);

    assertRefused(FailureCode.SOURCE_NOT_REGULAR);
  }

  @Test
  void aSourceOfAnotherTypeThanDeclaredIsRefused() {
    jobs.type = SourceType.VMDK;

    assertRefused(FailureCode.FORMAT_MISMATCH);
  }

  @Test
  void aVmdkDeclaredAsRawIsRefused() throws IOException {
    Files.write(jobs.source, vmdk());
    jobs.type = SourceType.RAW;

    assertRefused(FailureCode.FORMAT_MISMATCH);
  }

  @Test
  void aQcow2WithABackingFileIsRefused() throws IOException {
    byte[] image = qcow2();
    ByteBuffer.wrap(image)
        .putLong(8, 512)
        .putInt(16, 11)
        .position(512)
        .put("/etc/passwd".getBytes());
    Files.write(jobs.source, image);

    assertRefused(FailureCode.IMAGE_HAS_BACKING_FILE);
  }

  @Test
  void oneBadDiskOfSeveralRefusesTheVm() {
    jobs.additional = List.of(jobs.root.resolve("in/gone.img"));

    assertRefused(FailureCode.SOURCE_NOT_FOUND);
  }

  @Test
  void aSourceOutsideOfItsRootsIsRefused() {
    LoadStage load =
        new LoadStage(
            jobs.settings(List.of(jobs.root.resolve("elsewhere")), List.of(jobs.root)),
            new OutputReservations(),
            new SpaceReservations(),
            Jobs.LIMIT);

    assertFails(FailureCode.SOURCE_OUTSIDE_ROOTS, () -> load.prepare(jobs.job()));
  }

  @Test
  void aLinkThatLeadsOutOfTheRootIsRefused() throws IOException {
    Path allowed = jobs.folder("allowed");
    jobs.folder("allowedtoo");
    Files.createSymbolicLink(allowed.resolve("way-out"), jobs.root.resolve("in"));
    LoadStage load =
        new LoadStage(
            jobs.settings(List.of(allowed), List.of(jobs.root)),
            new OutputReservations(),
            new SpaceReservations(),
            Jobs.LIMIT);

    jobs.source = allowed.resolve("way-out/web.img");
    assertFails(FailureCode.SOURCE_OUTSIDE_ROOTS, () -> load.prepare(jobs.job()));

    jobs.source = Files.write(jobs.root.resolve("allowedtoo/web.img"), new byte[1 << 20]);
    assertFails(FailureCode.SOURCE_OUTSIDE_ROOTS, () -> load.prepare(jobs.job()));
  }

  @Test
  void whetherAFileIsThereOutsideOfTheRootsIsNotTold() {
    jobs.source = Path.of("/etc/no-such-file");
    LoadStage load =
        new LoadStage(
            jobs.settings(List.of(jobs.root.resolve("in")), List.of(jobs.root)),
            new OutputReservations(),
            new SpaceReservations(),
            Jobs.LIMIT);

    assertFails(FailureCode.SOURCE_OUTSIDE_ROOTS, () -> load.prepare(jobs.job()));
  }

  @Test
  void aRootThatIsALinkHoldsWhatLiesBelowItsTarget() throws IOException {
    Path link = Files.createSymbolicLink(jobs.root.resolve("link"), jobs.root.resolve("in"));
    LoadStage load =
        new LoadStage(
            jobs.settings(List.of(link), List.of(jobs.root)),
            new OutputReservations(),
            new SpaceReservations(),
            Jobs.LIMIT);

    load.prepare(jobs.job());
  }

  @Test
  void anotherChecksumIsRefused() {
    jobs.sha256 = Optional.of("0".repeat(64));

    assertFails(FailureCode.SOURCE_CHECKSUM_MISMATCH, () -> jobs.load().prepare(jobs.job()));
  }

  @Test
  void theRightChecksumIsTakenAndKept() throws IOException {
    String sum = Sha256.of(jobs.source);
    assertThat(sum).isEqualTo("30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58");
    jobs.sha256 = Optional.of(sum);
    VmJob job = jobs.job();

    jobs.load().prepare(job);

    assertThat(LoadResult.of(job).disks().get(0).before().sha256()).contains(sum);
  }

  @Test
  void everyDiskGetsItsOverlayPartAndTarget() throws IOException {
    Path data = Files.write(jobs.root.resolve("in/data.vmdk"), vmdk());
    Path third = Files.write(jobs.root.resolve("in/third"), qcow2());
    jobs.additional = List.of(data, third);
    VmJob job = jobs.job();

    jobs.load().prepare(job);

    assertThat(LoadResult.of(job).disks())
        .extracting(disk -> disk.source().format())
        .containsExactly(ImageFormat.RAW, ImageFormat.VMDK, ImageFormat.QCOW2);
    assertThat(LoadResult.of(job).disks())
        .extracting(disk -> disk.target().getFileName().toString())
        .containsExactly("web.qcow2", "web-disk2.qcow2", "web-disk3.qcow2");
    assertThat(LoadResult.of(job).disks())
        .allSatisfy(
            disk -> {
              assertThat(disk.part().getParent()).isEqualTo(disk.target().getParent());
              assertThat(disk.part().getFileName().toString()).startsWith(".").endsWith(".part");
              assertThat(disk.overlay().getParent()).isEqualTo(job.directory());
            });
    assertThat(jobs.load().overlay(LoadResult.of(job).disks().get(1)).arguments())
        .containsSubsequence("-b", LoadResult.of(job).disks().get(1).sourceName(), "-F", "vmdk");
    jobs.load().finish(job);
    assertThat(JobOutcome.of(job).stages().get(StageName.LOAD).status())
        .isEqualTo(StageStatus.SUCCESS);
  }

  /** The signature of a GPT stands in its first sector behind the first: here at byte 4096. */
  private void with4096ByteSectors() throws IOException {
    byte[] image = new byte[1 << 20];
    ByteBuffer.wrap(image, 4096, 8).put("EFI PART".getBytes());
    Files.write(jobs.source, image);
  }

  @Test
  void aDiskOf4096ByteSectorsIsLoadedWithAWarning() throws IOException {
    with4096ByteSectors();
    VmJob job = jobs.job();

    jobs.load().prepare(job);

    assertThat(LoadResult.of(job).disks().get(0).source().logicalSectorSize()).isEqualTo(4096);
    assertThat(job.warnings()).singleElement().asString().contains("logical_block_size=4096");
  }

  @Test
  void aVdiOfADiskOf4096ByteSectorsIsNothingForVirtualBox() throws IOException {
    with4096ByteSectors();
    jobs.format = OutputFormat.VDI;
    jobs.output = jobs.folder("out").resolve("web.vdi");
    VmJob job = jobs.job();

    jobs.load().prepare(job);

    assertThat(job.warnings()).singleElement().asString().contains("VirtualBox has not");
  }

  /** What its firmware is, is not known then, and it is booted by BIOS. */
  @Test
  void aDiskOf4096ByteSectorsIsNotBootedUninspected() throws IOException {
    with4096ByteSectors();
    jobs.inspectDisabled = true;
    jobs.validate = new ValidateSpec(true, true);

    assertFails(FailureCode.SECTOR_SIZE_UNSUPPORTED, () -> jobs.load().prepare(jobs.job()));
  }

  @Test
  void aDiskOf4096ByteSectorsThatEndsWithinOneIsTruncated() throws IOException {
    with4096ByteSectors();
    Files.write(jobs.source, new byte[512], StandardOpenOption.APPEND);

    assertThatThrownBy(() -> jobs.load().prepare(jobs.job()))
        .hasMessageContaining("not a whole number of 4096-byte sectors");
  }

  @Test
  void aLogThatCannotBeReplayedIsTheImagesFaultUnlessTheDiskIsFull() throws IOException {
    VmJob job = jobs.withRawSource().job();
    LoadStage load = jobs.load();
    load.prepare(job);
    VmDisk disk = LoadResult.of(job).disks().get(0);

    load.acceptReplay(disk, Jobs.result(0, ""));
    assertFails(FailureCode.IMAGE_CORRUPT, () -> load.acceptReplay(disk, Jobs.result(1, "")));
    assertFails(
        FailureCode.NO_SPACE,
        () ->
            load.acceptReplay(
                disk,
                new ToolResult(
                    1, new byte[0], "write: No space left on device", Duration.ofSeconds(1))));
  }

  @Test
  void aDeviceIsRefusedByWhatItIs() {
    jobs.source = Path.of("/dev/null");
    VmJob job = jobs.job();

    assertThatThrownBy(() -> jobs.load().prepare(job))
        .hasMessageContaining("a character device")
        .isInstanceOfSatisfying(
            ImageRefusedException.class, e -> assertThat(e.hint()).startsWith("Copy the device"));
  }

  @Test
  void aNameThatNoOverlayCanHoldIsRefusedBeforeAnyWork() throws IOException {
    Path deep = jobs.source.getParent();
    for (int i = 0; i < 4; i++) {
      deep = Files.createDirectory(deep.resolve("d".repeat(240)));
    }
    jobs.source = Files.write(deep.resolve("web.img"), new byte[1 << 20]);

    assertFails(FailureCode.SOURCE_NAME_TOO_LONG, () -> jobs.load().prepare(jobs.job()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"format\":\"raw\"}", "not JSON"})
  void anAnswerThatIsNoInfoIsUnreadable(String answer) throws IOException {
    VmDisk disk = LoadResult.of(jobs.loaded()).disks().get(0);

    assertFails(
        FailureCode.TOOL_ANSWER_UNREADABLE,
        () -> jobs.load().acceptInfo(disk, Jobs.result(0, answer)));
  }

  @Test
  void qemuMustSeeTheSizeThatTheHeadersSay() throws IOException {
    VmDisk disk = LoadResult.of(jobs.loaded()).disks().get(0);
    LoadStage load = jobs.load();

    load.acceptInfo(disk, Jobs.result(0, "{\"format\":\"raw\",\"virtual-size\":1048576}"));
    assertFails(
        FailureCode.IMAGE_CORRUPT,
        () ->
            load.acceptInfo(disk, Jobs.result(0, "{\"format\":\"raw\",\"virtual-size\":1048575}")));
  }

  /** A text descriptor needs its extent beside it: the raw source of these tests. */
  private static byte[] vmdk() {
    return """
        # Disk DescriptorFile
        version=1
        CID=12345678
        parentCID=ffffffff
        createType="monolithicFlat"
        RW 2048 FLAT "web.img" 0
        """
        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  /** The smallest qcow2: header, tables of one cluster each, 64 MiB of nothing. */
  private static byte[] qcow2() {
    byte[] image = new byte[4 << 16];
    ByteBuffer.wrap(image)
        .putInt(0, 0x514649fb)
        .putInt(4, 2)
        .putInt(20, 16)
        .putLong(24, 64L << 20)
        .putInt(36, 1)
        .putLong(40, 3L << 16)
        .putLong(48, 1L << 16)
        .putInt(56, 1)
        .putLong(1 << 16, 2L << 16);
    ByteBuffer.wrap(image, 2 << 16, 8).putLong(0x0001000100010001L);
    return image;
  }
}
