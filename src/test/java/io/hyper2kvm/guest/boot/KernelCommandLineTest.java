package io.hyper2kvm.guest.boot;

import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static io.hyper2kvm.guest.SampleGuests.SWAP_UUID;
import static io.hyper2kvm.guest.SampleGuests.THREE_DISKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.SampleGuests;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelCommandLineTest {

  private static Edited stabilize(String cmdline) {
    return KernelCmdlineFile.stabilize("/etc/kernel/cmdline", cmdline, ONE_DISK);
  }

  @Test
  void rootAndResumeChangeAndNothingElse() {
    String line =
        "BOOT_IMAGE=/vmlinuz root=/dev/sda1  ro rootflags=subvol=@ resume=/dev/sda5"
            + " resume_offset=1024 rootfstype=ext4\tquiet";

    assertThat(stabilize(line).text())
        .isEqualTo(
            line.replace("/dev/sda1", "UUID=" + ROOT_UUID)
                .replace("/dev/sda5", "UUID=" + SWAP_UUID));
  }

  @Test
  void closingQuoteStaysWhenRootIsTheLastWord() {
    assertThat(stabilize("GRUB_CMDLINE_LINUX=\"quiet root=/dev/sda1\"").text())
        .isEqualTo("GRUB_CMDLINE_LINUX=\"quiet root=UUID=" + ROOT_UUID + "\"");
    assertThat(stabilize("'root=/dev/sda1'").text()).isEqualTo("'root=UUID=" + ROOT_UUID + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root=\"/dev/sda1\"",
        "root='/dev/sda1' ro",
        "\"root=\\\"/dev/sda1\\\" ro\"",
        "root=/dev/sda1;"
      })
  void quotesAroundTheValueStay(String line) {
    assertThat(stabilize(line).text()).isEqualTo(line.replace("/dev/sda1", "UUID=" + ROOT_UUID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set root='hd0,msdos1'",
        "root=hd0,msdos1",
        "nfsroot=/dev/sda1x ro",
        "root=LABEL=rootfs",
        "root=/dev/nfs",
        "root=live:/dev/x",
        "root=$rootpartition",
        "root=",
        "root",
        "",
        "rootflags=subvol=@",
        "noresume resume_offset=5"
      })
  void otherFormsStay(String line) {
    Edited edited = stabilize(line);

    assertThat(edited.text()).isEqualTo(line);
    assertThat(edited.changed()).isFalse();
    assertThat(edited.failures()).isEmpty();
    assertThat(edited.warnings()).isEmpty();
  }

  @Test
  void dracutBlockPrefixStays() {
    assertThat(stabilize("root=block:/dev/sda1").text()).isEqualTo("root=block:UUID=" + ROOT_UUID);
  }

  @Test
  void rootThatLeadsNowhereIsAFailureAndResumeAWarning() {
    Edited edited = stabilize("root=/dev/sdq1 resume=/dev/sdq2");

    assertThat(edited.changed()).isFalse();
    assertThat(edited.failures())
        .singleElement()
        .asString()
        .startsWith("/etc/kernel/cmdline:1: root=/dev/sdq1");
    assertThat(edited.warnings()).singleElement().asString().contains("resume=/dev/sdq2");
  }

  @Test
  void stableRootThatIsNotThereIsAWarning() {
    assertThat(stabilize("root=UUID=dead-beef").warnings()).hasSize(1);
  }

  @Test
  void otherWordsThatNameADiskAreToldAndStay() {
    Edited edited = stabilize("cryptdevice=/dev/sda2:luks");

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).singleElement().asString().contains("cryptdevice=");
  }

  @Test
  void bothWordsOfALineAreOnePieceOfEvidence() {
    Edited edited = stabilize("root=/dev/sda1 resume=/dev/sda5");

    assertThat(edited.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.line()).isEqualTo(1);
              assertThat(change.before()).isEqualTo("root=/dev/sda1 resume=/dev/sda5");
              assertThat(change.after()).isEqualTo(edited.text());
              assertThat(change.rule()).isEqualTo("cmdline.root, cmdline.resume");
            });
  }

  @Test
  void inspectedRootDecidesWhereTheDiskOrderDiffers() {
    GuestDisks disks = THREE_DISKS.withRoot(SampleGuests.DATA);

    assertThat(KernelCmdlineFile.stabilize("f", "root=/dev/sda1", disks).text())
        .isEqualTo("root=UUID=" + SampleGuests.DATA_UUID);
    assertThat(KernelCmdlineFile.stabilize("f", "root=/dev/sdz1", disks).text())
        .isEqualTo("root=UUID=" + SampleGuests.DATA_UUID);
    assertThat(KernelCmdlineFile.stabilize("f", "root=/dev/sdz2", disks).failures()).hasSize(1);
  }

  @Test
  void kernelTakesTheLastRoot() {
    assertThat(KernelCommandLine.value("root=a x root=\"b\" y", "root")).contains("b");
    assertThat(KernelCommandLine.value("xroot=a", "root")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rd.luks.key=/key:/dev/sdb1",
        "rd.luks.data=0f0f=/dev/sda2",
        "rootflags=noatime,journal_path=/dev/sdb1",
        "rootflags=subvol=@,device=/dev/sdb",
        "cryptopts=target=root,source=/dev/sda2,key=none",
        "md=0,/dev/sda1,/dev/sdb1",
        "luks.options=0f0f=header=/dev/sdb1",
        "cryptkey=/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:1:0-part1:ext4:/key"
      })
  void aDiskInsideOfAValueIsTold(String word) {
    Edited edited = stabilize("quiet " + word + " ro");

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings())
        .singleElement()
        .asString()
        .contains(word.substring(0, word.indexOf('=')) + "= names ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rd.luks.key=/key:UUID=0f0f",
        "rootflags=journal_path=/dev/disk/by-uuid/0f0f",
        "cryptdevice=UUID=0f0f:root",
        "init=/bin/dev/sda1",
        "vga=791",
        "ip=10.0.0.5::10.0.0.1:255.255.255.0:h:ens192:none"
      })
  void otherValuesAreNot(String word) {
    assertThat(stabilize(word).warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0801", "801", "0x801", "8:1", "/dev/block/8:1", "block:8:1"})
  void aRootByTheKernelsNumberIsTranslated(String root) {
    String prefix = root.startsWith("block:") ? "block:" : "";

    assertThat(stabilize("root=" + root).text()).isEqualTo("root=" + prefix + "UUID=" + ROOT_UUID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0822", "fd00", "253:0", "8:99", "103:2"})
  void aRootByANumberThatLeadsNowhereIsAFailure(String root) {
    assertThat(stabilize("root=" + root).failures()).hasSize(1);
  }

  @Test
  void aSwapSpaceByTheKernelsNumberIsTranslated() {
    assertThat(stabilize("resume=8:5").text()).isEqualTo("resume=UUID=" + SWAP_UUID);
  }
}
