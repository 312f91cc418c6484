package io.hyper2kvm.guest.boot;

import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Edited;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The root file system in variables of GRUB. A kernel that may boot without an initramfs gets the
 * one name that both the kernel and an initramfs know.
 */
class RootVariablesTest {

  private static final String GRUB = "/boot/grub2/grub.cfg";
  private static final String PHOTON = "/boot/photon.cfg";
  private static final String UUID = "UUID=" + ROOT_UUID;
  private static final String PART = "PARTUUID=4d3c2b1a-01";

  /** A line that stands for several of a file. */
  private static String lines(String text) {
    return text.replace("; ", "\n") + "\n";
  }

  private static Edited stabilized(String file, String text, GuestDisks disks) {
    return file.equals(PHOTON)
        ? GrubEnv.stabilize(file, text, disks)
        : GrubConfig.stabilize(file, text, disks);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set rootpartition=%s; linux /vmlinuz root=$rootpartition; initrd /initrd.img",
        "set rootpartition=\"%s\"; linux /vmlinuz root=${rootpartition}; initrd ($root)/boot/initrd.img",
        "linux /vmlinuz root=%s; initrd /boot/initrd.img $tuned_initrd",
        "set linux_root=\"root=%s ro\"; linux /vmlinuz $linux_root; initrd /initrd.img",
        "set kernelopts=\"root=%s ro\"; blscfg"
      })
  void whereTheInitramfsIsSureTheUuidIsTaken(String line) {
    String text = lines(line);

    assertThat(stabilized(GRUB, text.formatted("/dev/sda1"), ONE_DISK).text())
        .isEqualTo(text.formatted(UUID));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        GRUB + "|set rootpartition=%s; linux /$photon_linux root=$rootpartition",
        GRUB
            + "|set rootpartition=%s; linux /$photon_linux root=$rootpartition; if [ -f /$photon_initrd ]; then; initrd /$photon_initrd; fi",
        GRUB + "|set rootpartition=%s; linux /v root=$rootpartition; initrd /boot/$photon_initrd",
        GRUB + "|linux /v root=%s; if [ -f /initrd ]; then; initrd /initrd; fi",
        GRUB + "|set linux_root=\"root=%s\"; linux /flatcar/vmlinuz-a $linux_root $linux_append",
        GRUB + "|set linux_root=\"root=%s\"; source /flatcar/load-a",
        GRUB + "|set rootpartition=%s",
        GRUB
            + "|set rootdev=%s; linux /a root=$rootdev; initrd /a.img; menuentry b {; linux /b root=$rootdev; }",
        PHOTON + "|rootpartition=%s; photon_linux=vmlinuz-4.4.110",
        PHOTON + "|set rootpartition=%s",
        PHOTON + "|photon_cmdline=root=%s ro quiet",
        PHOTON + "|photon_linux=vmlinuz; extra=root=%s"
      })
  void whereItIsNotSureTheNameIsOneThatTheKernelKnows(String file, String line) {
    String text = lines(line);

    Edited edited = stabilized(file, text.formatted("/dev/sda1"), ONE_DISK);

    assertThat(edited.text()).isEqualTo(text.formatted(PART));
    assertThat(edited.failures()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set root=/dev/sda1",
        "set root='hd0,msdos1'; linux /v root=UUID=x; initrd /i",
        "set bootroot=(hd0,gpt2)",
        "set prefix=/dev/sda1",
        "set title=\"the root is /dev/sda1\""
      })
  void variablesOfGrubsOwnStay(String line) {
    assertThat(stabilized(GRUB, lines(line), ONE_DISK).text()).isEqualTo(lines(line));
  }

  @Test
  void aPartitionWithoutItsNameInTheTableGetsTheOtherAndAPersonIsTold() {
    GuestDisks disks =
        new GuestDisks(
            List.of(new GuestPartition("/dev/sda1", 0, 1, ROOT_UUID, "", "", "ext4", Set.of())), 1);
    Edited edited = stabilized(PHOTON, "rootpartition=/dev/sda1\n", disks);

    assertThat(edited.text()).isEqualTo("rootpartition=" + UUID + "\n");
    assertThat(edited.warnings())
        .containsExactly(
            PHOTON
                + ":1: root="
                + UUID
                + ": a kernel that boots without an initramfs does not know UUID, and the partition has no unique PARTUUID; see that the initramfs is there");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        GRUB + "|linux /v $linux_root; set linux_root=\"root=/dev/sda1\"",
        GRUB + "|linux /v root=$rootpartition; set rootpartition=/dev/sda1",
        PHOTON + "|rootpartition=/dev/sda1",
        PHOTON + "|anything=root=/dev/sda1 ro"
      })
  void theCheckSeesThemToo(String file, String line) {
    assertThat(BootEntries.problems(Map.of(file, lines(line)), ONE_DISK).get(file).toString())
        .contains("/dev/sda1");
  }
}
