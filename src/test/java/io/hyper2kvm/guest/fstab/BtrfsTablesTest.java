package io.hyper2kvm.guest.fstab;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.boot.BootedDisks;
import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Edited;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of a guest whose root is a btrfs on both of its disks. */
class BtrfsTablesTest {

  private static final String UUID = "11111111-2222-4333-8444-0000000000d1";
  private static final GuestPartition FIRST = partition("/dev/sda2", 0, 2, UUID, "btrfs");

  private static final GuestDisks DISKS =
      new GuestDisks(
              List.of(
                  partition("/dev/sda1", 0, 1, "aaaa-1", "swap"),
                  FIRST,
                  partition("/dev/sdb1", 1, 1, "bbbb-1", "ext4"),
                  partition("/dev/sdb2", 1, 2, UUID, "btrfs")),
              2)
          .withRoot(FIRST);

  private static GuestPartition partition(
      String device, int disk, int number, String uuid, String type) {
    return new GuestPartition(device, disk, number, uuid, "p" + disk + number, "", type, Set.of());
  }

  @ParameterizedTest
  @CsvSource({
    "'/dev/sda2 / btrfs subvol=@ 0 0'",
    "'/dev/sdb2 / btrfs subvol=@ 0 0'",
    "'/dev/sdb2 / btrfs defaults 0 0'",
    "'/dev/sdb2 /home btrfs subvol=@home 0 0'",
    "'/dev/sda2 /var btrfs subvolid=258,subvol=/@var 0 0'"
  })
  void eachDeviceOfTheFileSystemIsNamedByItsIdentifier(String row) {
    Edited edited = Fstab.stabilize(row + "\n", DISKS, Fstab.Mode.STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo("UUID=" + UUID + row.substring(9) + "\n");
    assertThat(edited.failures()).isEmpty();
    assertThat(edited.warnings()).isEmpty();
  }

  @Test
  void rowsOfBothDevicesAreNoRivals() {
    String table =
        "/dev/sda2 / btrfs subvol=@ 0 0\n/dev/sdb2 /home btrfs subvol=@home 0 0\n"
            + "/dev/sda2 /srv btrfs subvol=@srv 0 0\n";

    assertThat(Fstab.stabilize(table, DISKS, Fstab.Mode.STABILIZE_ALL).text())
        .doesNotContain("/dev/sd")
        .contains("UUID=" + UUID + " /home");
  }

  @ParameterizedTest
  @CsvSource({"/dev/sda2", "/dev/sdb2"})
  void theNameOfTheRootDoesNotTurnTheDisksAround(String root) {
    String table = root + " / btrfs subvol=@ 0 0\n/dev/sdb1 /data ext4 defaults 0 2\n";

    assertThat(Fstab.stabilize(table, DISKS, Fstab.Mode.STABILIZE_ALL).text())
        .contains("UUID=bbbb-1 /data");
  }

  @ParameterizedTest
  @CsvSource({"/dev/sda2", "/dev/sdb2"})
  void theRootOfTheCommandLineDoesNotEither(String root) {
    GuestDisks learned =
        BootedDisks.learned(Map.of("/boot/grub/grub.cfg", "linux /v root=" + root + "\n"), DISKS);

    assertThat(learned.resolve("/dev/sdb1")).map(GuestPartition::uuid).contains("bbbb-1");
    assertThat(learned.resolve("/dev/sda1")).map(GuestPartition::uuid).contains("aaaa-1");
  }

  @ParameterizedTest
  @CsvSource({"/dev/sda2", "/dev/sdb2"})
  void theCommandLineGetsTheIdentifierAndKeepsItsFlags(String root) {
    String line =
        " linux /@/boot/vmlinuz-6.1 root=%1$s rootflags=subvol=@ resume=%1$s resume_offset=5\n";
    String text = "menuentry a {\n" + line + " initrd /@/boot/initrd\n}\n";

    assertThat(GrubConfig.stabilize("/boot/grub/grub.cfg", text.formatted(root), DISKS).text())
        .isEqualTo(text.formatted("UUID=" + UUID));
  }

  @Test
  void aSwapFileStays() {
    String table = "UUID=" + UUID + " / btrfs subvol=@ 0 0\n/swap/file none swap sw 0 0\n";

    Edited edited = Fstab.stabilize(table, DISKS, Fstab.Mode.STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo(table);
    assertThat(edited.warnings()).isEmpty();
    assertThat(Fstab.unresolved(table, DISKS)).isEmpty();
  }
}
