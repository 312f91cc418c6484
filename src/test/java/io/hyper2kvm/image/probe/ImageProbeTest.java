package io.hyper2kvm.image.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.QemuFileName;
import io.hyper2kvm.image.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageProbeTest {

  private final ImageProbe probe = new ImageProbe();

  private Path dir;

  @BeforeEach
  void resolveLinks(@TempDir Path temp) throws IOException {
    dir = temp.toRealPath();
  }

  private ImageFacts probed(byte[] image, ImageFormat format) {
    return probe.probe(TestImages.write(dir.resolve("disk"), image), format);
  }

  private void sizeAndKind(byte[] image, ImageFormat format, String subformat, long size) {
    ImageFacts facts = probed(image, format);

    assertThat(facts.format()).isEqualTo(format);
    assertThat(facts.subformat()).isEqualTo(subformat);
    assertThat(facts.virtualSize()).isEqualTo(size);
    assertThat(facts.files()).containsExactly(dir.resolve("disk"));
    assertThat(facts.allocatedBytes()).isEqualTo(image.length);
    assertThat(facts.parent()).isEmpty();
    assertThat(probe.probe(dir.resolve("disk"))).isEqualTo(facts);
  }

  @Test
  void rawDiskHasTheFilesSize() {
    sizeAndKind(new byte[1 << 20], ImageFormat.RAW, "none", 1 << 20);
  }

  @Test
  void rawDiskTellsItsPartitionTable() {
    sizeAndKind(TestImages.mbrDisk(), ImageFormat.RAW, "mbr", 1 << 20);
    byte[] gpt = TestImages.put(TestImages.mbrDisk(), 512, "EFI PART");
    sizeAndKind(gpt, ImageFormat.RAW, "gpt", 1 << 20);
    byte[] large = TestImages.put(TestImages.mbrDisk(), 4096, "EFI PART");
    sizeAndKind(large, ImageFormat.RAW, "gpt, 4096-byte sectors", 1 << 20);
    byte[] luks = TestImages.put(new byte[4096], 0, "LUKS\u00ba\u00be");
    sizeAndKind(luks, ImageFormat.RAW, "luks", 4096);
  }

  @Test
  void bootSectorOfAFileSystemIsNoPartitionTable() {
    byte[] fat = TestImages.mbrDisk();
    fat[446] = 'x';

    assertThat(probed(fat, ImageFormat.RAW).subformat()).isEqualTo("none");
  }

  @Test
  void partitionedDiskWithTheRestsOfAnInstallationMediumIsRaw() {
    byte[] image = TestImages.put(TestImages.mbrDisk(), 32769, "CD001");

    assertThat(probed(image, ImageFormat.RAW).subformat()).isEqualTo("mbr");
  }

  @Test
  void sparseVmdkHasItsCapacity() {
    sizeAndKind(TestImages.vmdk(), ImageFormat.VMDK, "monolithicSparse", 1 << 20);
  }

  /** As VMware's exporters write it; the extent is the file itself. */
  @Test
  void aSparseVmdkThatCallsItselfReadOnlyIsRead() {
    byte[] image =
        TestImages.vmdk(
            TestImages.descriptor(
                "streamOptimized", "RDONLY 2048 SPARSE \"generated-stream.vmdk\""));

    sizeAndKind(image, ImageFormat.VMDK, "streamOptimized", 1 << 20);
  }

  @Test
  void streamOptimizedVmdkIsReadThroughItsFooter() {
    sizeAndKind(TestImages.streamOptimized(), ImageFormat.VMDK, "streamOptimized", 1 << 20);
  }

  @Test
  void renamedSparseVmdkIsAccepted() {
    Path image = TestImages.write(dir.resolve("renamed"), TestImages.vmdk());

    assertThat(probe.probe(image).virtualSize()).isEqualTo(1 << 20);
  }

  @Test
  void vmdkFilesAreTheDescriptorAndEveryExtentOnce() {
    TestImages.zeros(dir.resolve("a flat.vmdk"), 1 << 20);
    TestImages.write(dir.resolve("s.vmdk"), TestImages.vmdk());
    TestImages.write(dir.resolve("c.vmdk"), TestImages.cowd());
    Path disk =
        TestImages.write(
            dir.resolve("disk.vmdk"),
            TestImages.descriptor(
                    "twoGbMaxExtentSparse",
                    "RW 1024 FLAT \"a flat.vmdk\" 0",
                    "RW\t1024 FLAT \"a flat.vmdk\" 1024",
                    "RW 2048 SPARSE \"s.vmdk\"",
                    "RW 2048 VMFSSPARSE \"c.vmdk\"")
                .replace("\n", "\r\n"));

    ImageFacts facts = probe.probe(disk, ImageFormat.VMDK);

    assertThat(facts.virtualSize()).isEqualTo(3 << 20);
    assertThat(facts.files())
        .containsExactly(
            disk, dir.resolve("a flat.vmdk"), dir.resolve("s.vmdk"), dir.resolve("c.vmdk"));
    long sizes = facts.files().stream().mapToLong(RegularFile::size).sum();
    assertThat(facts.allocatedBytes()).isEqualTo(sizes);
  }

  @Test
  void vmfsDescriptorIsRead() {
    TestImages.zeros(dir.resolve("web-flat.vmdk"), 1 << 20);
    Path disk =
        TestImages.write(
            dir.resolve("web.vmdk"),
            TestImages.descriptor("vmfs", "RW 2048 VMFS \"web-flat.vmdk\""));

    assertThat(probe.probe(disk).subformat()).isEqualTo("vmfs");
  }

  @Test
  void flatDataInsteadOfItsDescriptorNamesTheDescriptor() {
    Path data = TestImages.zeros(dir.resolve("web-flat.vmdk"), 1 << 20);

    assertThatThrownBy(() -> probe.probe(data, ImageFormat.VMDK))
        .isInstanceOfSatisfying(
            ImageRefusedException.class,
            e -> assertThat(e.hint()).contains("name web.vmdk instead"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"win ", "qem2", "vpc ", "vbox", "wa\0\0"})
  void vhdHasTheSizeThatItStatesWhateverItsGeometry(String creator) {
    ImageFacts facts = probed(TestImages.vhdFixed(creator), ImageFormat.VPC);

    assertThat(facts.virtualSize()).isEqualTo(TestImages.VHD_SIZE);
  }

  @Test
  void vhdKinds() {
    sizeAndKind(TestImages.vhdFixed("win "), ImageFormat.VPC, "fixed", TestImages.VHD_SIZE);
    sizeAndKind(TestImages.vhdDynamic(3), ImageFormat.VPC, "dynamic", TestImages.VHD_SIZE);
  }

  @Test
  void descriptorIsFoundByTheNameOfAnExtentThatItNames() {
    Path flat = TestImages.zeros(dir.resolve("web-flat.vmdk"), 1 << 20);
    Path other = TestImages.zeros(dir.resolve("web-s001.vmdk"), 1 << 20);
    String text = TestImages.descriptor("vmfs", "RW 2048 VMFS \"web-flat.vmdk\"");
    Path disk = TestImages.write(dir.resolve("web.vmdk"), text);

    assertThat(probe.descriptorOf(flat)).contains(disk);
    assertThat(probe.descriptorOf(other)).as("of another disk").isEmpty();
    assertThat(probe.descriptorOf(disk)).isEmpty();
    assertThat(probe.descriptorOf(dir.resolve("gone-flat.vmdk"))).isEmpty();
    TestImages.write(disk, text.replace("2048", "4096"));
    assertThat(probe.descriptorOf(flat)).as("a descriptor that is not sound").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"web-000001-delta.vmdk", "web-000001-sesparse.vmdk", "web-000001-s001.vmdk"})
  void extentAloneIsRefusedWithItsDescriptorsName(String name) {
    byte[] bytes =
        name.contains("delta")
            ? TestImages.cowd()
            : name.contains("sesparse")
                ? TestImages.seSparse(2048, new byte[4096])
                : TestImages.vmdk("");
    Path extent = TestImages.write(dir.resolve(name), bytes);

    assertThatThrownBy(() -> probe.probe(extent, ImageFormat.VMDK))
        .isInstanceOfSatisfying(
            ImageRefusedException.class,
            e -> assertThat(e.hint()).contains("name web-000001.vmdk instead"));
  }

  @Test
  void snapshotHasTheFilesOfItsParents() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("base"));
    Path base = TestImages.write(folder.resolve("web.vmdk"), TestImages.vmdk());
    byte[] snapshot = TestImages.vmdk(TestImages.snapshot("1", "12345678", "base/web.vmdk"));
    Path leaf = TestImages.write(dir.resolve("web-000001.vmdk"), snapshot);

    ImageFacts facts = probe.probe(leaf, ImageFormat.VMDK);

    assertThat(facts.files()).containsExactly(leaf, base);
    assertThat(facts.allocatedBytes()).isEqualTo(2 * Files.size(base));
    assertThat(QemuFileName.image(facts).json())
        .isEqualTo(
            "{\"driver\":\"vmdk\",\"file\":{\"driver\":\"file\",\"filename\":\"%s\"},\"backing\":%s}"
                .formatted(leaf, QemuFileName.image(ImageFormat.VMDK, base).json()));
    assertRefused(
        FailureCode.PARENT_UNSUPPORTED,
        () -> probe.probe(leaf, 0, snapshot.length, ImageFormat.VMDK));
  }

  @Test
  void oldFooterOf511BytesIsRead() {
    byte[] image = TestImages.vhdFixed("win ");

    sizeAndKind(
        Arrays.copyOf(image, image.length - 1), ImageFormat.VPC, "fixed", TestImages.VHD_SIZE);
  }

  @Test
  void vhdxKinds() {
    sizeAndKind(TestImages.vhdx(), ImageFormat.VHDX, "dynamic", TestImages.VHDX_SIZE);
    byte[] fixed = TestImages.vhdx();
    TestImages.little(fixed).putInt(TestImages.vhdxItem(4), 1);
    sizeAndKind(fixed, ImageFormat.VHDX, "fixed", TestImages.VHDX_SIZE);
  }

  @Test
  void vhdxWithALogToReplayIsMarked() {
    byte[] image = DirtyVhdx.withLog(TestImages.vhdx(), 2 << 20, 2 << 20 | 8192);

    assertThat(probed(image, ImageFormat.VHDX).subformat()).isEqualTo("dynamic, dirty log");
    assertThat(probed(image, ImageFormat.VHDX).dirtyLog()).isTrue();
    assertThat(probed(TestImages.vhdx(), ImageFormat.VHDX).dirtyLog()).isFalse();
  }

  @Test
  void vhdxLogOfTheOlderHeaderDoesNotCount() {
    byte[] image = TestImages.vhdx();
    image[(64 << 10) + 48] = 1;
    TestImages.crc(image, 64 << 10, 4096);

    assertThat(probed(image, ImageFormat.VHDX).dirtyLog()).isFalse();
  }

  @Test
  void vhdxWithOneDamagedHeaderIsRead() {
    byte[] image = TestImages.vhdx();
    image[(128 << 10) + 4] ^= 1;

    assertThat(probed(image, ImageFormat.VHDX).virtualSize()).isEqualTo(TestImages.VHDX_SIZE);
  }

  @Test
  void qcow2AndVdiAreRead() {
    sizeAndKind(TestImages.qcow2(), ImageFormat.QCOW2, "version 3", TestImages.QCOW2_SIZE);
    sizeAndKind(TestImages.vdi(), ImageFormat.VDI, "dynamic", 4 << 20);
    byte[] dirty = TestImages.qcow2();
    ByteBuffer.wrap(dirty).putLong(72, 1);
    assertThat(probed(dirty, ImageFormat.QCOW2).subformat())
        .isEqualTo("version 3, dirty refcounts");
  }

  @Test
  void linkInAFolderAboveIsResolved() throws IOException {
    Path real = Files.createDirectory(dir.resolve("real"));
    Path image = TestImages.zeros(real.resolve("disk"), 512);
    Path link = Files.createSymbolicLink(dir.resolve("link"), real);

    assertThat(probe.probe(link.resolve("disk")).path()).isEqualTo(image);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void pipeIsRefusedWithoutOpeningIt() throws Exception {
    Path pipe = dir.resolve("pipe");
    Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(mkfifo.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(mkfifo.exitValue()).isZero();

    assertThatThrownBy(() -> probe.probe(pipe, ImageFormat.RAW))
        .isInstanceOfSatisfying(
            ImageRefusedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.SOURCE_NOT_REGULAR));
    Path disk =
        TestImages.write(
            dir.resolve("disk.vmdk"),
            TestImages.descriptor("monolithicFlat", "RW 8 FLAT \"pipe\" 0"));
    assertThatThrownBy(() -> probe.probe(disk))
        .isInstanceOfSatisfying(
            ImageRefusedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.EXTENT_NOT_REGULAR));
  }

  @Test
  void fileWithoutReadPermissionIsUnreadable() throws IOException {
    Path image = TestImages.zeros(dir.resolve("disk"), 512);
    Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("-w-------"));
    assumeThat(Files.isReadable(image)).as("root reads everything").isFalse();

    assertThatThrownBy(() -> probe.probe(image))
        .isInstanceOfSatisfying(
            ImageRefusedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.SOURCE_UNREADABLE);
              assertThat(e.getMessage()).endsWith("permission denied");
            });
  }

  @Test
  void sniffTellsArchivesThatProbeRefuses() {
    Path archive =
        TestImages.write(dir.resolve("vm.ova"), TestImages.put(new byte[1024], 257, "ustar"));

    assertThat(probe.sniff(archive)).isEqualTo(ImageFormat.OVA);
  }

  @Test
  void diskWithinAnotherFileIsReadInItsWindow() {
    byte[] disk = TestImages.streamOptimized();
    byte[] archive = new byte[disk.length + 1024];
    System.arraycopy(disk, 0, archive, 512, disk.length);
    Path file = TestImages.write(dir.resolve("vm.ova"), archive);

    ImageFacts facts = probe.probe(file, 512, disk.length, ImageFormat.VMDK);

    assertThat(facts.virtualSize()).isEqualTo(1 << 20);
    assertThat(facts.allocatedBytes()).isEqualTo(disk.length);
    assertRefused(
        FailureCode.IMAGE_TRUNCATED, () -> probe.probe(file, 512, 1 << 20, ImageFormat.VMDK));
    assertRefused(
        FailureCode.IMAGE_TRUNCATED,
        () -> probe.probe(file, 512, disk.length - 512, ImageFormat.VMDK));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> probe.probe(file, Long.MAX_VALUE, 2, ImageFormat.VMDK));
  }

  @Test
  void lineEndThatQemuLeavesBehindTheDescriptorIsNoText() {
    TestImages.zeros(dir.resolve("flat.vmdk"), 4096);
    String text = TestImages.descriptor("monolithicFlat", "RW 8 FLAT \"flat.vmdk\" 0");
    Path disk = TestImages.write(dir.resolve("disk.vmdk"), text + "\0\n");

    assertThat(probe.probe(disk, ImageFormat.VMDK).virtualSize()).isEqualTo(4096);
  }

  @Test
  void descriptorWithinAnotherFileMayNotNameExtents() {
    TestImages.zeros(dir.resolve("flat.vmdk"), 1 << 20);
    String text = TestImages.descriptor("monolithicFlat", "RW 8 FLAT \"flat.vmdk\" 0");
    Path file = TestImages.write(dir.resolve("vm.ova"), text);

    assertRefused(
        FailureCode.FORMAT_UNSUPPORTED,
        () -> probe.probe(file, 0, text.length(), ImageFormat.VMDK));
  }

  private static void assertRefused(
      FailureCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ImageRefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
