package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.boot.UnifiedKernel;
import io.hyper2kvm.guest.initramfs.Archive;
import io.hyper2kvm.guest.initramfs.InitramfsVerdict;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.manifest.model.InitramfsFix;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.inspect.ProvenDrivers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guest that starts from unified kernel images, on its way through INSPECT and FIX. */
class UnifiedKernelRepairTest extends FixedGuest {

  private static final String K = "6.12.0";
  private static final String ESP = "/dev/sda15";
  private static final String IMAGE = "/EFI/Linux/debian-6.12.0.efi";
  private static final String WORK = "/var/tmp/hyper2kvm-uki/";
  private static final String MODULES = "/lib/modules/" + K + "/";
  private static final List<String> DRIVERS =
      List.of("virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net");
  private static final String DEP =
      DRIVERS.stream().map(name -> "kernel/" + name + ".ko:\n").collect(Collectors.joining());
  private static final String ALIAS =
      """
      alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio_pci
      alias virtio:d00000001v* virtio_net
      alias virtio:d00000002v* virtio_blk
      alias virtio:d00000008v* virtio_scsi
      """;
  private static final String BUILTIN = "kernel/drivers/scsi/sd_mod.ko\n";

  @BeforeEach
  void aGuestWithAnImage() {
    jobs.fix = spec(null, new GrubFix(false), new InitramfsFix(true), null);
    for (String file : List.of("/boot/grub/grub.cfg", "/etc/default/grub", "/boot/vmlinuz-6.1.0")) {
      guest.fileSystems.get(ROOT).remove(file);
    }
    guest.efiSystemPartition(ESP);
    guest.file(ESP, "/EFI/BOOT/BOOTX64.EFI", "MZ");
    guest.file(ROOT, "/boot/efi/x", "");
    guest.file(ROOT, "/usr/bin/ukify", "#!/usr/bin/python3\n");
    guest.file(ROOT, "/usr/lib/systemd/boot/efi/linuxx64.efi.stub", "MZ");
    guest.file(ROOT, MODULES + "modules.dep", DEP);
    guest.file(ROOT, MODULES + "modules.alias", ALIAS);
    guest.file(ROOT, MODULES + "modules.builtin", BUILTIN);
    DRIVERS.forEach(
        name -> guest.file(ROOT, MODULES + "kernel/" + name + ".ko", "\u007fELF " + name));
    image("root=/dev/sda1 ro");
    guest.onSh = this::ukify;
    guest.shAnswer = "Wrote unsigned new.efi\nexit 0\n";
  }

  private static byte[] initramfs() {
    return new Archive()
        .dir(".")
        .dir("conf")
        .file("conf/initramfs.conf", "MODULES=dep\n")
        .dirs("usr/lib/modules/" + K)
        .link("lib", "usr/lib")
        .end();
  }

  private void image(String commandLine, Object... more) {
    guest.file(ESP, IMAGE, pe(sections(commandLine, initramfs(), more)));
  }

  private static List<Object> sections(String commandLine, byte[] initramfs, Object... more) {
    List<Object> sections = new ArrayList<>(List.of(".osrel", "ID=debian\nVERSION_ID=13\n"));
    sections.addAll(List.of(".cmdline", commandLine, ".uname", K));
    sections.addAll(List.of(".initrd", initramfs, ".linux", "MZ kernel"));
    sections.addAll(Arrays.asList(more));
    return sections;
  }

  /** A PE program of 64 bits with these sections. */
  private static byte[] pe(List<Object> namesAndContents) {
    int size = 4096;
    for (int i = 1; i < namesAndContents.size(); i += 2) {
      size += (bytes(namesAndContents.get(i)).length + 511) / 512 * 512;
    }
    ByteBuffer image = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    image.put(0, (byte) 'M').put(1, (byte) 'Z').putInt(60, 128).putInt(128, 0x4550);
    image.putShort(132, (short) 0x8664).putShort(134, (short) (namesAndContents.size() / 2));
    image.putShort(148, (short) 240).putShort(152, (short) 0x20b).putShort(220, (short) 10);
    int at = 4096;
    for (int i = 0; i < namesAndContents.size(); i += 2) {
      byte[] content = bytes(namesAndContents.get(i + 1));
      int raw = (content.length + 511) / 512 * 512;
      int header = 392 + i / 2 * 40;
      image.put(header, bytes(namesAndContents.get(i))).putInt(header + 8, content.length);
      image.putInt(header + 16, raw).putInt(header + 20, at).put(at, content);
      at += raw;
    }
    return image.array();
  }

  private static byte[] bytes(Object content) {
    return content instanceof byte[] bytes
        ? bytes
        : content.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What the guest's own tool does with what lies in its folder. */
  private void ukify() {
    var root = guest.fileSystems.get(ROOT);
    if (root.containsKey(WORK + "cmdline")) {
      List<Object> sections =
          sections(guest.text(ROOT, WORK + "cmdline"), root.get(WORK + "initrd"));
      guest.file(ROOT, WORK + "new.efi", pe(sections));
    }
  }

  private byte[] section(String name) {
    byte[] image = guest.fileSystems.get(ESP).get(IMAGE);
    return UnifiedKernel.sections(image).stream()
        .filter(section -> section.name().equals(name))
        .map(it -> Arrays.copyOfRange(image, (int) it.offset(), (int) (it.offset() + it.length())))
        .findFirst()
        .orElseThrow();
  }

  private String commandLine() {
    return new String(section(".cmdline"), StandardCharsets.ISO_8859_1);
  }

  private boolean hasDrivers() throws IOException {
    return InitramfsVerdict.verify(
            Archive.read(section(".initrd")), KernelModules.parse(DEP, BUILTIN, "", ALIAS), K)
        .isComplete();
  }

  @Test
  void anImageIsBuiltAnewWithDriversAndAStableRoot() throws IOException {
    fix();

    assertThat(commandLine()).isEqualTo("root=UUID=1111-root ro");
    assertThat(hasDrivers()).isTrue();
    assertThat(section(".initrd")).startsWith(initramfs());
    assertThat(applied().toString())
        .contains("rule=unified-kernel-rebuild", "file=/boot/efi" + IMAGE, "/usr/bin/ukify")
        .contains("kernel=" + K, "initramfs=/boot/efi" + IMAGE);
    assertThat(ProvenDrivers.of(job).card().proven()).isTrue();
    assertThat(FixResult.checksOf(job))
        .filteredOn(check -> check.name().equals("guest_boot_entries"))
        .extracting(Check::status)
        .containsExactly(Check.Status.PASSED);
    assertThat(guest.fileSystems.get(ROOT)).doesNotContainKey(WORK + "new.efi");
  }

  @Test
  void aSecondTimeNothingChanges() throws IOException {
    fix();
    byte[] once = guest.fileSystems.get(ESP).get(IMAGE);
    guest.commands.clear();
    fix();

    assertThat(guest.fileSystems.get(ESP).get(IMAGE)).isEqualTo(once);
    assertThat(guest.commands.toString()).doesNotContain("ukify build");
  }

  @Test
  void aSerialConsoleIsPutIntoTheImage() throws IOException {
    jobs.fix = spec(null, new GrubFix(true), null, null);
    image("root=UUID=1111-root ro");
    fix();

    assertThat(commandLine()).isEqualTo("root=UUID=1111-root ro console=tty0 console=ttyS0,115200");
    assertThat(section(".initrd")).isEqualTo(initramfs());
  }

  @Test
  void aCopyAtTheRemovableMediaPathIsJudgedLikeAnyOther() throws IOException {
    guest.file(ESP, "/EFI/BOOT/BOOTX64.EFI", pe(sections("root=UUID=1111-root ro", initramfs())));
    fix();

    assertThat(applied().toString()).contains("file=/boot/efi/EFI/BOOT/BOOTX64.EFI");
  }

  @ParameterizedTest
  @CsvSource({
    ".pcrsig, it has a section .pcrsig",
    ".profile, it has a section .profile",
    ".linux, it has several sections .linux",
  })
  void whatANewImageWouldNotHaveIsRefused(String section, String reason) {
    image("root=UUID=1111-root ro", section, "x");

    assertFails(FailureCode.FIX_INITRAMFS_FAILED, reason);
    assertThat(guest.commands.toString()).doesNotContain("ukify build");
  }

  @Test
  void aSignedImageIsNeverChanged() {
    byte[] image = guest.fileSystems.get(ESP).get(IMAGE);
    ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(152 + 112 + 36, 1000);
    byte[] before = image.clone();

    assertFails(FailureCode.FIX_GRUB_FAILED, "it is signed, and the signature would not hold");
    jobs.fix = spec(null, null, new InitramfsFix(true), null);
    assertFails(FailureCode.FIX_INITRAMFS_FAILED, "it is signed, and the signature would not hold");
    assertThat(guest.fileSystems.get(ESP).get(IMAGE)).isEqualTo(before);
  }

  @Test
  void withoutItsToolTheImageIsRefused() {
    guest.fileSystems.get(ROOT).remove("/usr/bin/ukify");

    assertFails(FailureCode.FIX_INITRAMFS_FAILED, "the guest has no ukify");
  }

  @Test
  void aToolThatFailsIsQuoted() {
    guest.onSh = () -> {};
    guest.shAnswer = "No module named 'pefile'\nexit 1\n";

    assertFails(FailureCode.FIX_INITRAMFS_FAILED, "No module named 'pefile'");
  }

  @Test
  void anImageWithoutAVersionIsRefused() {
    guest.file(ESP, IMAGE, pe(List.of(".linux", "MZ", ".initrd", initramfs())));

    assertFails(FailureCode.FIX_INITRAMFS_FAILED, "does not tell its kernel's version");
  }

  @Test
  void withoutRegenerationTheImageStaysAndIsWarnedOf() throws IOException {
    jobs.fix = spec(null, null, new InitramfsFix(false), null);
    byte[] before = guest.fileSystems.get(ESP).get(IMAGE).clone();
    fix();

    assertThat(guest.fileSystems.get(ESP).get(IMAGE)).isEqualTo(before);
    assertThat(job.warnings()).anyMatch(it -> it.contains("regenerate is false"));
  }

  @Test
  void credentialsForTheImageAreTold() throws IOException {
    guest.file(ESP, IMAGE + ".extra.d/luks.cred", "x");
    fix();

    assertThat(job.warnings()).anyMatch(it -> it.contains("luks.cred") && it.contains("TPM"));
  }

  @Test
  void anAddonWithAnUnstableRootIsRefused() {
    guest.file(
        ESP,
        IMAGE + ".extra.d/a.addon.efi",
        pe(List.of(".cmdline", "root=/dev/sda1", ".sbat", "x")));

    assertFails(FailureCode.FIX_GRUB_FAILED, "a.addon.efi");
  }
}
