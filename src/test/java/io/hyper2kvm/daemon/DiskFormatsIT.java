package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.image.probe.DifferencingImages;
import io.hyper2kvm.image.probe.DirtyVhdx;
import io.hyper2kvm.image.probe.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Disks as their vendors make them, through the routes with the real qemu-img: the output must be
 * the guest's disk to the byte, and no file of the source may change. Needs qemu-img and qemu-io.
 */
@Tag("daemon")
class DiskFormatsIT {

  @TempDir Path folder;
  private RunningDaemon daemon;
  private RealDisks disks;

  @BeforeAll
  static void needsQemuImg() {
    assumeTrue(RealDisks.toolsAreThere(), "qemu-img is not installed");
  }

  @BeforeEach
  void start() throws IOException {
    daemon = new RunningDaemon(folder);
    daemon.path = System.getenv("PATH");
    disks = new RealDisks(daemon.root.resolve("in"));
    daemon.start();
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  private String manifest(Path source, String type) {
    return daemon
        .single(source, "web")
        .replace("\"raw\", \"source", "\"%s\", \"source".formatted(type));
  }

  /** Converts to raw, and finds every file of the folder unchanged, its time as well. */
  private JsonNode convert(Path source, String type, Path expected) throws Exception {
    List<byte[]> before = contents();
    Map<String, FileTime> timesBefore = times();
    daemon.drop("web.json", manifest(source, type));
    JsonNode report = daemon.report("web.json");
    assertThat(report.path("status").asText()).isEqualTo("completed");
    disks.assertSame(expected, daemon.output().resolve("web-converted.raw"));
    assertThat(times()).isEqualTo(timesBefore);
    List<byte[]> after = contents();
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i)).isEqualTo(before.get(i));
    }
    return report;
  }

  private JsonNode refused(Path source, String type) throws Exception {
    daemon.drop("web.json", manifest(source, type));
    JsonNode error = daemon.error("web.json");
    assertThat(RunningDaemon.names(daemon.output())).isEmpty();
    assertThat(RunningDaemon.names(daemon.work())).isEmpty();
    return error;
  }

  private Map<String, FileTime> times() throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    for (String name : RunningDaemon.names(disks.folder)) {
      if (!name.startsWith(".")) {
        times.put(name, Files.getLastModifiedTime(disks.folder.resolve(name)));
      }
    }
    return times;
  }

  private List<byte[]> contents() throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (String name : RunningDaemon.names(disks.folder)) {
      if (!name.startsWith(".")) {
        contents.add(Files.readAllBytes(disks.folder.resolve(name)));
      }
    }
    return contents;
  }

  /** VirtualBox and Azure state a geometry that ends before the disk does. */
  @ParameterizedTest
  @CsvSource({"dynamic, vbox", "fixed, vbox", "fixed, wa", "dynamic, 'vpc '", "fixed, 'win '"})
  void aVhdKeepsItsEndWhateverItsGeometrySays(String subformat, String creator) throws Exception {
    Path raw = disks.raw("disk.raw");
    Path vhd = disks.folder.resolve("web.vhd");
    String options = "subformat=%s,force_size=on".formatted(subformat);
    disks.qemuImg("convert", "-f", "raw", "-O", "vpc", "-o", options, raw, vhd);
    TestImages.vhdMadeBy(vhd, creator);

    convert(vhd, "vhd", raw);
  }

  /** The size is no multiple of a cylinder, as qemu-img without force_size makes it one. */
  @Test
  void aVhdThatQemuRoundedUpHasItsRoundedSize() throws Exception {
    Path raw = disks.raw("disk.raw");
    Path vhd = disks.folder.resolve("web.vhd");
    disks.qemuImg("convert", "-f", "raw", "-O", "vpc", raw, vhd);
    Path rounded = disks.folder.resolve("rounded.raw");
    disks.qemuImg("convert", "-f", "vpc", "-O", "raw", vhd, rounded);
    assertThat(Files.size(rounded)).isGreaterThan(Files.size(raw));

    convert(vhd, "vhd", rounded);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "monolithicSparse",
        "monolithicFlat",
        "twoGbMaxExtentSparse",
        "twoGbMaxExtentFlat",
        "streamOptimized"
      })
  void everyKindOfVmdkIsRead(String subformat) throws Exception {
    Path raw = disks.raw("disk.raw");
    Path vmdk = disks.folder.resolve("web.vmdk");
    disks.qemuImg("convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=" + subformat, raw, vmdk);

    JsonNode report = convert(vmdk, "vmdk", raw);

    assertThat(report.at("/stages/load/artifacts/0/subformat").asText()).isEqualTo(subformat);
  }

  /** VMware's exporters name the extent so, which QEMU passes over. */
  @Test
  void aStreamThatCallsItselfReadOnlyIsRead() throws Exception {
    Path raw = disks.raw("disk.raw");
    Path vmdk = disks.folder.resolve("web.vmdk");
    disks.qemuImg(
        "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", raw, vmdk);
    byte[] image = Files.readAllBytes(vmdk);
    String descriptor = new String(image, 512, 20 * 512, StandardCharsets.ISO_8859_1);
    byte[] changed =
        descriptor
            .replace("\nRW ", "\nRDONLY ")
            .substring(0, 20 * 512)
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new String(changed, StandardCharsets.ISO_8859_1)).isNotEqualTo(descriptor);
    System.arraycopy(changed, 0, image, 512, changed.length);
    Files.write(vmdk, image);

    convert(vmdk, "vmdk", raw);
  }

  /** As Workstation keeps them: each snapshot is a sparse file on top of the one before. */
  @Test
  void aChainOfSnapshotsIsReadFromTheNamedOneDown() throws Exception {
    Path base = disks.folder.resolve("web base.vmdk");
    disks.qemuImg("convert", "-f", "raw", "-O", "vmdk", disks.raw("disk.raw"), base);
    Path first = disks.folder.resolve("web-000001.vmdk");
    disks.qemuImg("create", "-q", "-f", "vmdk", "-b", base.getFileName(), "-F", "vmdk", first);
    disks.write(first, "vmdk", 1, "512k", "1M");
    Path leaf = disks.folder.resolve("web-000002.vmdk");
    disks.qemuImg("create", "-q", "-f", "vmdk", "-b", first.getFileName(), "-F", "vmdk", leaf);
    disks.write(leaf, "vmdk", 2, "1M", "64k");
    disks.write(leaf, "vmdk", 3, "5M", "1M");
    Path expected = disks.folder.resolve("expected.raw");
    disks.qemuImg("convert", "-f", "vmdk", "-O", "raw", leaf, expected);

    JsonNode report = convert(leaf, "vmdk", expected);

    assertThat(report.at("/stages/load/artifacts/0/fingerprint"))
        .extracting(file -> Path.of(file.path("path").asText()))
        .containsExactly(leaf, first, base);
  }

  /** As ESXi keeps them: a flat disk, a vmfsSparse or seSparse snapshot, and one on top of it. */
  @Test
  void anEsxiSnapshotIsReadWithItsFlatBase() throws Exception {
    Path flat = disks.raw("web-flat.vmdk");
    byte[] expected = Files.readAllBytes(flat);
    int sectors = RealDisks.BYTES / 512;
    TestImages.writeDescriptor(
        disks.folder.resolve("web.vmdk"),
        TestImages.descriptor("vmfs", "RW %d VMFS \"web-flat.vmdk\"".formatted(sectors)));
    byte[] delta = new byte[64 << 10];
    Arrays.fill(delta, 4096, delta.length, (byte) 5);
    Files.write(
        disks.folder.resolve("web-000001-sesparse.vmdk"), TestImages.seSparse(sectors, delta));
    Path leaf =
        TestImages.writeDescriptor(
            disks.folder.resolve("web-000001.vmdk"),
            TestImages.snapshotOf(
                "web.vmdk",
                "seSparse",
                "RW %d SESPARSE \"web-000001-sesparse.vmdk\"".formatted(sectors)));
    System.arraycopy(delta, 0, expected, 0, delta.length);

    convert(leaf, "vmdk", Files.write(folder.resolve("expected.raw"), expected));
  }

  /** As an ESXi datastore has a disk without snapshots. */
  @ParameterizedTest
  @ValueSource(strings = {"VMFS \"web-flat.vmdk\"", "FLAT \"web-flat.vmdk\" 0"})
  void anEsxiFlatDiskIsRead(String extent) throws Exception {
    Path flat = disks.raw("web-flat.vmdk");
    Path vmdk =
        TestImages.writeDescriptor(
            disks.folder.resolve("web.vmdk"),
            TestImages.descriptor("vmfs", "RW %d %s".formatted(RealDisks.BYTES / 512, extent)));

    convert(vmdk, "vmdk", flat);
  }

  @Test
  void aVmfsSparseSnapshotIsReadWithItsFlatBase() throws Exception {
    Path flat = disks.raw("web-flat.vmdk");
    byte[] expected = Files.readAllBytes(flat);
    int sectors = RealDisks.BYTES / 512;
    TestImages.writeDescriptor(
        disks.folder.resolve("web.vmdk"),
        TestImages.descriptor("vmfs", "RW %d VMFS \"web-flat.vmdk\"".formatted(sectors)));
    byte[] delta = new byte[4 << 10];
    Arrays.fill(delta, (byte) 6);
    Files.write(
        disks.folder.resolve("web-000001-delta.vmdk"), TestImages.vmfsSparse(sectors, delta));
    Path leaf =
        TestImages.writeDescriptor(
            disks.folder.resolve("web-000001.vmdk"),
            TestImages.snapshotOf(
                "web.vmdk",
                "vmfsSparse",
                "RW %d VMFSSPARSE \"web-000001-delta.vmdk\"".formatted(sectors)));
    System.arraycopy(delta, 0, expected, 0, delta.length);

    convert(leaf, "vmdk", Files.write(folder.resolve("expected.raw"), expected));
  }

  @Test
  void aDiskNamedByItsExtentIsConvertedWithAWarning() throws Exception {
    Path raw = disks.raw("disk.raw");
    Path vmdk = disks.folder.resolve("web.vmdk");
    String options = "subformat=twoGbMaxExtentSparse";
    disks.qemuImg("convert", "-f", "raw", "-O", "vmdk", "-o", options, raw, vmdk);

    JsonNode report = convert(disks.folder.resolve("web-s001.vmdk"), "vmdk", raw);

    assertThat(report.path("warnings").toString())
        .contains("web-s001.vmdk holds data of the disk web.vmdk");
  }

  /** The files of two moments together would make a disk that never was. */
  @Test
  void aSnapshotWhoseParentWasWrittenToIsRefused() throws Exception {
    Path base = disks.folder.resolve("web.vmdk");
    disks.qemuImg("create", "-q", "-f", "vmdk", base, "6M");
    Path leaf = disks.folder.resolve("web-000001.vmdk");
    disks.qemuImg("create", "-q", "-f", "vmdk", "-b", base.getFileName(), "-F", "vmdk", leaf);
    disks.write(base, "vmdk", 1, "0", "1M"); // A first write gives the disk a new content id.

    JsonNode error = refused(leaf, "vmdk");

    assertThat(error.path("code").asText()).isEqualTo("PARENT_MISMATCH");
    assertThat(error.path("error").asText()).contains("web-000001.vmdk", "on top of web.vmdk");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic", "fixed"})
  void aVhdxIsRead(String subformat) throws Exception {
    Path raw = disks.raw("disk.raw");
    Path vhdx = disks.folder.resolve("web.vhdx");
    disks.qemuImg("convert", "-f", "raw", "-O", "vhdx", "-o", "subformat=" + subformat, raw, vhdx);

    JsonNode report = convert(vhdx, "vhdx", raw);

    assertThat(report.path("warnings")).isEmpty();
  }

  /** The block table is in the log alone: without the replay the disk would be full of zeros. */
  @Test
  void theLogOfAVhdxIsReplayedAndTheSourceStaysAsItIs() throws Exception {
    Path raw = disks.raw("disk.raw");
    Path vhdx = disks.folder.resolve("web.vhdx");
    disks.qemuImg("convert", "-f", "raw", "-O", "vhdx", raw, vhdx);
    byte[] clean = Files.readAllBytes(vhdx);
    byte[] dirty = DirtyVhdx.withLog(clean, DirtyVhdx.blockTable(clean), 2L << 20 | 8192);
    assertThat(dirty).isNotEqualTo(clean);
    Files.write(vhdx, dirty);

    JsonNode report = convert(vhdx, "vhdx", raw);

    assertThat(report.path("warnings").toString()).contains("was not closed cleanly");
    assertThat(report.at("/stages/load/artifacts/0/subformat").asText())
        .isEqualTo("dynamic, dirty log");
    assertThat(RunningDaemon.names(daemon.work())).isEmpty();
  }

  /** The log is QEMU's own: the new block, and that the file grew, is in it alone. */
  @ParameterizedTest
  @ValueSource(strings = {"vhdx", "auto"})
  void aLogThatQemuWroteIsReplayed(String type) throws Exception {
    Path vhdx = disks.folder.resolve("web.vhdx");
    disks.qemuImg("create", "-q", "-f", "vhdx", vhdx, "64M");
    byte[] empty = Files.readAllBytes(vhdx);
    disks.write(vhdx, "vhdx", 7, "40M", "2M");
    Path expected = folder.resolve("expected.raw");
    disks.qemuImg("convert", "-f", "vhdx", "-O", "raw", vhdx, expected);
    Files.write(vhdx, DirtyVhdx.asQemuLogged(empty, Files.readAllBytes(vhdx)));

    JsonNode report = convert(vhdx, type, expected);

    assertThat(report.path("warnings").toString()).contains("was not closed cleanly");
  }

  @Test
  void aVhdxWhoseLogIsDamagedIsRefused() throws Exception {
    Path vhdx = disks.folder.resolve("web.vhdx");
    disks.qemuImg("create", "-q", "-f", "vhdx", vhdx, "64M");
    byte[] empty = Files.readAllBytes(vhdx);
    disks.write(vhdx, "vhdx", 7, "40M", "2M");
    byte[] dirty = DirtyVhdx.asQemuLogged(empty, Files.readAllBytes(vhdx));
    dirty[(1 << 20) + 4096 + 100] ^= 1; // in the entry's data, of which it has a checksum
    Files.write(vhdx, dirty);

    JsonNode error = refused(vhdx, "vhdx");

    assertThat(error.path("code").asText()).isEqualTo("IMAGE_CORRUPT");
    assertThat(error.path("error").asText()).contains("no whole sequence to replay");
    assertThat(vhdx).hasBinaryContent(dirty);
  }

  /** QEMU made the parent, and reads what was merged; it reads no child of it. */
  @ParameterizedTest
  @CsvSource({"vpc, vhd, force_size=on", "vhdx, vhdx, subformat=dynamic"})
  void aDifferencingDiskIsReadWithItsParent(String format, String type, String options)
      throws Exception {
    Path raw = disks.raw("disk.raw");
    Path base = disks.folder.resolve("web base." + type);
    disks.qemuImg("convert", "-f", "raw", "-O", format, "-o", options, raw, base);
    byte[][] sectors = new byte[RealDisks.BYTES / 512][];
    byte[] expected = Files.readAllBytes(raw);
    for (int s : new int[] {1, 2, 9, 2100, 4095, 8192, sectors.length - 1}) {
      sectors[s] = new byte[512];
      Arrays.fill(sectors[s], (byte) s);
      System.arraycopy(sectors[s], 0, expected, s * 512, 512);
    }
    Path leaf = disks.folder.resolve("web.a" + type);
    TestImages.write(leaf, DifferencingImages.leaf(type, sectors, base));

    JsonNode report = convert(leaf, type, Files.write(folder.resolve("expected.raw"), expected));

    assertThat(report.at("/stages/load/artifacts/0/unpacked").asBoolean()).isTrue();
    assertThat(report.at("/stages/load/artifacts/0/fingerprint"))
        .extracting(file -> Path.of(file.path("path").asText()))
        .containsExactly(leaf, base);
    assertThat(RunningDaemon.names(daemon.work())).isEmpty();
  }

  /**
   * Each kind of partition table; the last is of none. Disks of 4096-byte sectors are elsewhere.
   */
  @ParameterizedTest
  @CsvSource({"dos, mbr", "gpt, gpt", "'', none"})
  void aRawDiskKeepsItsPartitionTable(String label, String subformat) throws Exception {
    Path raw = disks.raw("web.raw");
    if (!label.isEmpty()) {
      disks.partition(raw, label);
    }

    JsonNode report = convert(raw, "raw", raw);

    assertThat(report.at("/stages/load/artifacts/0/subformat").asText()).isEqualTo(subformat);
    assertThat(report.at("/stages/load/artifacts/0/logical_sector_size_bytes").asInt())
        .isEqualTo(512);
  }
}
