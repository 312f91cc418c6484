package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.probe.DifferencingImages;
import io.hyper2kvm.image.probe.TestImages;
import io.hyper2kvm.manifest.model.LoadSpec;
import io.hyper2kvm.manifest.model.SourceType;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.load.AllowedDevices;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.SourceDisks;
import io.hyper2kvm.stage.load.VmPreflight;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LOAD of a differencing disk: what is written, what is reported, and that it can be stopped. */
class LoadDifferencingTest {

  private static final UUID BASE = new UUID(1, 2);

  @TempDir Path directory;
  private Jobs jobs;
  private Path base;
  private byte[] expected;

  @BeforeEach
  void sources() throws IOException {
    jobs = new Jobs(directory.toRealPath());
    jobs.type = SourceType.VHD;
    byte[][] lower = new byte[4096][];
    byte[][] upper = new byte[4096][];
    lower[100] = sector(1);
    lower[3000] = sector(2);
    upper[3000] = sector(3);
    upper[4095] = sector(4);
    base =
        TestImages.write(
            jobs.root.resolve("in/base.vhd"), DifferencingImages.vhd(BASE, 4096, lower, null));
    jobs.source =
        TestImages.write(
            jobs.root.resolve("in/web.avhd"),
            DifferencingImages.vhd(
                new UUID(3, 4), 8192, upper, DifferencingImages.beside("base.vhd", BASE)));
    lower[3000] = upper[3000];
    lower[4095] = upper[4095];
    expected = DifferencingImages.flat(lower);
  }

  private static byte[] sector(int value) {
    byte[] sector = new byte[512];
    Arrays.fill(sector, (byte) value);
    return sector;
  }

  @Test
  void itIsMergedIntoTheJobsFolder() throws IOException {
    byte[] before = Files.readAllBytes(jobs.source);
    byte[] baseBefore = Files.readAllBytes(base);
    VmJob job = jobs.job();

    jobs.load().prepare(job);

    Path merged = job.directory().resolve("disk1.unpacked");
    assertThat(merged).hasBinaryContent(expected);
    VmDisk disk = LoadResult.of(job).disks().get(0);
    assertThat(disk.sourceName()).contains("\"driver\":\"raw\"", merged.toString());
    assertThat(disk.before().files())
        .extracting(SourceFingerprint.FileState::path)
        .containsExactly(jobs.source, base);
    assertThat(jobs.source).hasBinaryContent(before);
    assertThat(base).hasBinaryContent(baseBefore);
  }

  @Test
  void theReportNamesTheLeafAndThatItWasUnpacked() throws IOException {
    VmJob job = jobs.job();
    jobs.load().prepare(job);

    jobs.load().finish(job);

    assertThat(
            JobOutcome.of(job).stages().get(StageName.LOAD).details().get("artifacts").toString())
        .contains("path=" + jobs.source + ", unpacked=true, format=raw");
  }

  @Test
  void aStopInterruptsTheMerge() throws IOException {
    LoadSpec load = new LoadSpec(SourceType.VHD, jobs.source, List.of(), Optional.empty());
    try (SourceDisks disks = SourceDisks.open(load, List.of(), new AllowedDevices(List.of()))) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> disks.ready(jobs.folder("work/x")))
          .isInstanceOfSatisfying(
              StageFailedException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.CANCELLED));
    } finally {
      Thread.interrupted();
    }
  }

  /** QEMU, which measures other disks, would see only what is in the leaf. */
  @Test
  void validationMeasuresItWithoutQemu() {
    VmPreflight preflight =
        new VmPreflight(
            jobs.settings(),
            jobs.root.resolve("work"),
            image -> {
              throw new AssertionError("measured: " + image);
            });

    assertThat(preflight.check("m", jobs.job().spec(), true).failures()).isEmpty();
  }

  @Test
  void itsSizeCountsForTheRoomThatIsNeeded() throws IOException {
    LoadSpec load = new LoadSpec(SourceType.VHD, jobs.source, List.of(), Optional.empty());
    try (SourceDisks disks = SourceDisks.open(load, List.of(), new AllowedDevices(List.of()))) {
      assertThat(disks.mergedBytes()).isEqualTo(Files.size(jobs.source));
    }
  }
}
