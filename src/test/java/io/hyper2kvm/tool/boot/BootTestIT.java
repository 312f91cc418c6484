package io.hyper2kvm.tool.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Boots real guests under QEMU, in software. The guest is built once and cached; see guests/. */
@Timeout(600)
class BootTestIT {

  private static Path guest;

  @TempDir private Path directory;

  @BeforeAll
  static void buildGuest() throws IOException, InterruptedException {
    guest = build("--modules", "list");
  }

  private static Path build(String... options) throws IOException, InterruptedException {
    Path script =
        Path.of(System.getProperty("h2k.basedir", ""), "src/test/guests/build-debian12.sh")
            .toAbsolutePath();
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(options));
    Process build =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String path = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(build.waitFor()).as("exit value of %s", script).isZero();
    return Path.of(path);
  }

  @Test
  void theUnfixedGuestEndsInItsInitramfs() throws IOException, InterruptedException {
    FileTime before = Files.getLastModifiedTime(guest);

    BootVerdict verdict = boot(new BootTest(), guest, "vmdk", 360);

    assertThat(verdict.failure()).as("%s", verdict).contains(BootFailure.INITRAMFS_SHELL);
    assertThat(verdict.evidence()).anyMatch(it -> it.contains("(initramfs)"));
    assertThat(verdict.lastScreen()).contains("/dev/sda1 does not exist");
    assertThat(verdict.networkUp()).isFalse();
    assertDecidedEarly(verdict, 360);
    assertThat(Files.getLastModifiedTime(guest)).isEqualTo(before);
  }

  @Test
  @Tag("all")
  void theSameGuestBootsOnTheHardwareItCameFrom() throws IOException, InterruptedException {
    BootVerdict verdict = boot(new BootTest(VmwareBoot::hardware), guest, "vmdk", 360);

    assertThat(verdict.failure()).as("%s", verdict).isEmpty();
    assertThat(verdict.networkUp()).isTrue();
    assertThat(verdict.evidence())
        .anyMatch(it -> it.contains("SSH-2.0-OpenSSH") || it.contains("login:"));
  }

  @Test
  @Tag("all")
  void aGuestWithAllDriversBootsOnVirtioScsi() throws IOException, InterruptedException {
    BootPlan plan = plan(build("--modules", "most", "--serial"), "vmdk", 360);

    BootVerdict verdict = run(new BootTest(), scsi(plan));

    assertThat(verdict.failure()).as("%s", verdict).isEmpty();
    assertThat(verdict.networkUp()).isTrue();
    assertThat(verdict.evidence()).anyMatch(it -> it.contains("network card came up"));
    assertThat(verdict.lastSerial()).contains("Reached target");
  }

  @Test
  void anEmptyDiskUnderUefiIsNoBootDevice() throws IOException, InterruptedException {
    Path code =
        Path.of(System.getProperty("h2k.ovmf", "/usr/share/OVMF")).resolve("OVMF_CODE_4M.fd");
    assertThat(code).as("the package ovmf is installed").exists();
    Path empty = directory.resolve("empty.raw");
    Files.write(empty, new byte[1 << 20]);
    BootPlan plan = plan(empty, "raw", 180);

    BootVerdict verdict =
        run(
            new BootTest(),
            new BootPlan(
                plan.qemuBinary(),
                plan.kvm(),
                plan.disks(),
                0,
                BootDevices.VIRTIO,
                plan.memoryMib(),
                plan.cpus(),
                Optional.of(new BootFirmware(code, code.resolveSibling("OVMF_VARS_4M.fd"))),
                plan.mac(),
                Optional.empty(),
                Optional.empty(),
                plan.timeout(),
                plan.workDir()));

    assertThat(verdict.failure()).as("%s", verdict).contains(BootFailure.NO_BOOT_DEVICE);
  }

  @Test
  void lastWordsBeforeAResetAreRead() throws IOException, InterruptedException {
    // Prints what follows it through the BIOS, then resets by the keyboard controller.
    String print = "be157cac84c07406b40ecd10ebf5" + "b0fee664f4ebfd";
    String words = "Kernel panic - not syncing: VFS: Unable to mount root fs\0";
    Path disk =
        bootSector(print + HexFormat.of().formatHex(words.getBytes(StandardCharsets.UTF_8)));

    BootVerdict verdict = boot(new BootTest(), disk, "raw", 120);

    assertThat(verdict.failure()).as("%s", verdict).contains(BootFailure.KERNEL_PANIC);
    assertDecidedEarly(verdict, 120);
  }

  @Test
  void anEmptyDiskIsNoBootDevice() throws IOException, InterruptedException {
    Path empty = directory.resolve("empty, and = odd.raw");
    try (var file = new RandomAccessFile(empty.toFile(), "rw")) {
      file.setLength(16 << 20);
    }

    BootVerdict verdict = boot(new BootTest(), empty, "raw", 120);

    assertThat(verdict.failure()).as("%s", verdict).contains(BootFailure.NO_BOOT_DEVICE);
    assertDecidedEarly(verdict, 120);
  }

  @Test
  void aMissingDiskIsQemusFailureWithItsWords() throws IOException, InterruptedException {
    BootVerdict verdict = boot(new BootTest(), directory.resolve("none.qcow2"), "qcow2", 60);

    assertThat(verdict.failure()).as("%s", verdict).contains(BootFailure.QEMU_FAILED);
    assertThat(verdict.evidence()).anyMatch(it -> it.contains("No such file"));
  }

  @Test
  void bootCodeThatResetsForEverIsALoop() throws IOException, InterruptedException {
    // Reset by the keyboard controller: mov al,fe; out 64,al; hlt; jmp -3
    Path disk = bootSector("b0fee664f4ebfd");

    BootVerdict verdict = boot(new BootTest(), disk, "raw", 120);

    assertThat(verdict.failure()).as("%s", verdict).contains(BootFailure.REBOOT_LOOP);
  }

  @Test
  void bootCodeThatHangsIsNoBootDevice() throws IOException, InterruptedException {
    BootVerdict verdict = boot(new BootTest(), bootSector("f4ebfd"), "raw", 120);

    assertThat(verdict.failure()).as("%s", verdict).contains(BootFailure.NO_BOOT_DEVICE);
  }

  /** What was seen decided, not that the time was up. */
  private static void assertDecidedEarly(BootVerdict verdict, int seconds) {
    assertThat(verdict.took()).isLessThan(Duration.ofSeconds(seconds));
  }

  private Path bootSector(String code) throws IOException {
    byte[] image = new byte[1 << 20];
    byte[] bytes = HexFormat.of().parseHex(code);
    System.arraycopy(bytes, 0, image, 0, bytes.length);
    image[510] = 0x55;
    image[511] = (byte) 0xaa;
    return Files.write(directory.resolve("sector.raw"), image);
  }

  private BootVerdict boot(BootTest test, Path disk, String format, int seconds)
      throws IOException, InterruptedException {
    return run(test, plan(disk, format, seconds));
  }

  private static BootVerdict run(BootTest test, BootPlan plan)
      throws IOException, InterruptedException {
    BootVerdict verdict = test.run(plan, System.out::println);
    System.out.println(verdict);
    return verdict;
  }

  private static BootPlan scsi(BootPlan plan) {
    return new BootPlan(
        plan.qemuBinary(),
        plan.kvm(),
        plan.disks(),
        0,
        new BootDevices(BootDevices.Bus.SCSI, "virtio"),
        plan.memoryMib(),
        plan.cpus(),
        plan.firmware(),
        plan.mac(),
        plan.guestAddressCidr(),
        plan.gateway(),
        plan.timeout(),
        plan.workDir());
  }

  private BootPlan plan(Path disk, String format, int seconds) throws IOException {
    Path work = Files.createDirectories(directory.resolve("work"));
    return new BootPlan(
        "qemu-system-x86_64",
        false,
        List.of(new BootDisk(disk, format)),
        0,
        BootDevices.VIRTIO,
        1024,
        2,
        Optional.empty(),
        "00:0c:29:3e:5f:a1",
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(seconds),
        work);
  }

  /** The devices that the guest's drivers are for. */
}
