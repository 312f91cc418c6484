package io.hyper2kvm.guest.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a guest's names mean on machines whose descriptions have the controllers of the disks. */
class DiskOrderTest {

  /** {@code bus[/model] address unit [slot]} for each disk, with {@code -} for what is missing. */
  private static DiskOrder machine(String disks) {
    return DiskOrder.described(
        List.of(disks.split("; ")).stream().map(DiskOrderTest::seat).toList());
  }

  private static DiskSeat seat(String disk) {
    String[] words = disk.split(" ");
    String[] bus = words[0].split("/");
    return new DiskSeat(
        DiskSeat.Bus.valueOf(bus[0].toUpperCase(Locale.ROOT)),
        bus.length > 1 ? bus[1] : "",
        words[0] + words[1],
        number(words[1]),
        words.length > 3 ? number(words[3]) : OptionalInt.empty(),
        number(words[2]));
  }

  private static OptionalInt number(String word) {
    return word.equals("-") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(word));
  }

  private static String meaning(DiskOrder order, String name) {
    String place =
        order.place(name).map(p -> "disk " + p.disk() + " part " + p.partition()).orElse("none");
    return place
        + (order.caution(name).isPresent() ? " assumed" : "")
        + (order.obstacle(name).isPresent() ? " not known" : "");
  }

  @ParameterizedTest
  @CsvSource({
    // One controller.
    "scsi/lsilogic 0 0; scsi/lsilogic 0 1, /dev/sda1, disk 0 part 1",
    "scsi/lsilogic 0 0; scsi/lsilogic 0 1; scsi/lsilogic 0 2, /dev/sdc, disk 2 part 0",
    "scsi/lsilogic 0 0; scsi/lsilogic 0 5, /dev/sdb1, disk 1 part 1",
    "scsi/lsilogic 0 0; scsi/lsilogic 0 5, /dev/sdc1, none",
    "sata 0 0; sata 0 3, /dev/sdb1, disk 1 part 1",
    // Each family counts for itself.
    "scsi/pvscsi 0 0; nvme 0 0, /dev/sda1, disk 0 part 1",
    "scsi/pvscsi 0 0; nvme 0 0, /dev/nvme0n1p2, disk 1 part 2",
    "scsi/pvscsi 0 0; nvme 0 0, /dev/sdb1, none",
    "scsi/pvscsi 0 0; nvme 0 0; nvme 0 4, /dev/nvme0n2p1, disk 2 part 1",
    "nvme 0 0; nvme 0 1, /dev/nvme1n1p1, none",
    "virtio/virtio 0 5; virtio/virtio_scsi 0 0, /dev/sda1, disk 1 part 1",
    "virtio/virtio 0 5; virtio/virtio_scsi 0 0, /dev/vda1, disk 0 part 1",
    // IDE has positions for the old driver, and an order for the new one.
    "ide 0 0; ide 1 0, /dev/hdc1, disk 1 part 1",
    "ide 0 0; ide 1 0, /dev/hdb1, none",
    "ide 0 0; ide 0 1; ide 1 1, /dev/hdd1, disk 2 part 1",
    "ide 0 0; ide 0 3, /dev/hdd1, disk 1 part 1",
    "ide 0 0; ide 1 0, /dev/sdb1, disk 1 part 1",
    "ide 0 0; scsi/lsilogic 0 0, /dev/hda1, disk 0 part 1",
    // Kinds that Linux gives names of one family, in an order that nobody knows.
    "scsi/lsilogic 0 0; sata 0 0, /dev/sdb1, none not known",
    "scsi/lsilogic 0 0; scsi/pvscsi 1 0, /dev/sdb1, none not known",
    "ide 0 0; scsi/lsilogic 0 0, /dev/sda1, none not known",
    "ide 0 0; sata 0 0, /dev/sdb1, none not known",
    // Several controllers: the bus decides, and the address where it is not known.
    "scsi/pvscsi 0 0 160; scsi/pvscsi 1 0 192, /dev/sdb1, disk 1 part 1",
    "scsi/pvscsi 0 0 160; scsi/pvscsi 1 0 1184, /dev/sdb1, disk 1 part 1",
    "scsi/pvscsi 0 0 160; scsi/pvscsi 1 0 192; scsi/pvscsi 2 0 1184, /dev/sdb1, none not known",
    "scsi/lsilogic 0 0 16; scsi/lsilogic 1 0 37, /dev/sdb1, disk 1 part 1",
    "scsi/lsilogic 0 0 160; scsi/lsilogic 1 0 16, /dev/sdb1, none not known",
    "scsi/pvscsi 0 0; scsi/pvscsi 1 0, /dev/sdb1, disk 1 part 1 assumed",
    "scsi/pvscsi - 0; scsi/pvscsi - 1, /dev/sdb1, disk 1 part 1",
    // Missing and equal places.
    "scsi/x 0 0; scsi/x 0 1; scsi/x 0 1, /dev/sdb1, disk 1 part 1 assumed",
    "scsi/x 0 0; scsi/x 0 -, /dev/sdb1, disk 1 part 1 assumed",
    "unknown - -; unknown - -, /dev/sdb1, disk 1 part 1 assumed",
    "unknown - -; unknown - -, /dev/nvme0n2p1, disk 1 part 1 assumed",
    "unknown - -; unknown - -, /dev/nvme1n1p1, disk 1 part 1 assumed",
    "unknown - -; scsi/x 0 0, /dev/sdb1, disk 1 part 1 assumed",
    // Xen names its disks by number.
    "unknown - 0; unknown - 1; unknown - 4, /dev/xvde1, disk 2 part 1",
    "unknown - 0; unknown - 1; unknown - 4, /dev/xvdc1, none",
    "unknown - -; unknown - -, /dev/xvdb1, disk 1 part 1 assumed",
    // Names that no controller of the machine gives.
    "ide 0 0; ide 0 1, /dev/xvdb1, disk 1 part 1 assumed",
    "scsi/x 0 0; nvme 0 0, /dev/xvdb1, none not known",
    // A path has the place in it.
    "scsi/x 0 0; scsi/x 0 2; scsi/x 0 3, /dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:2:0-part1, "
        + "disk 1 part 1",
    "scsi/x 0 0; scsi/x 0 2; scsi/x 0 3, /dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:1:0-part1, none",
    "scsi/x 0 0; scsi/x 0 8, /dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:8:0, disk 1 part 0",
    "scsi/x 0 0; scsi/x 1 0, /dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:0:0-part1, disk 0 part 1",
    "scsi/x 0 0; scsi/x 1 0, /dev/disk/by-path/pci-0000:0b:00.0-scsi-0:0:0:0-part1, none",
    "scsi/x 0 0 160; scsi/x 1 0 192, /dev/disk/by-path/pci-0000:0b:00.0-scsi-0:0:0:0-part1, "
        + "disk 1 part 1",
    "scsi/x 0 0 160; scsi/x 1 0 1184, /dev/disk/by-path/pci-0000:04:00.0-scsi-0:0:0:0, disk 1 part 0",
    "scsi/x 0 0; sata 0 1, /dev/disk/by-path/pci-0000:02:01.0-ata-2-part1, disk 1 part 1",
    "scsi/x 0 0; sata 0 1, /dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:0:0-part1, disk 0 part 1",
    "sata 0 0 33; sata 0 2 33, /dev/disk/by-path/pci-0000:02:01.0-ata-3.0, disk 1 part 0",
    "ide 0 0; ide 1 0, /dev/disk/by-path/pci-0000:00:07.1-ata-2-part1, disk 1 part 1",
    "ide 0 0; ide 0 1, /dev/disk/by-path/pci-0000:00:07.1-ata-1-part1, none",
    "ide 0 0; scsi/x 0 0, /dev/disk/by-path/pci-0000:00:07.1-scsi-0:0:0:0, none",
    // A disk's identity is in no description.
    "scsi/x 0 0; scsi/x 0 1, /dev/disk/by-id/ata-VBOX_HARDDISK_1, none",
  })
  void aNameMeansTheDiskAtItsPlace(String disks, String name, String meaning) {
    assertThat(meaning(machine(disks), name)).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource({
    // One disk of each kind: the other name is the other disk.
    "scsi/x 0 0; sata 0 0, /dev/sda=0, /dev/sdb1, disk 1 part 1",
    "scsi/x 0 0; sata 0 0, /dev/sdb=0, /dev/sda1, disk 1 part 1",
    "scsi/x 0 0; sata 0 0, /dev/sdb=0, /dev/sdb2, disk 0 part 2",
    "ide 0 0; scsi/x 0 0, /dev/sda=1, /dev/sdb1, disk 0 part 1",
    // Those that are left are of one kind, and in their order.
    "scsi/x 0 0; sata 0 0; sata 0 3, /dev/sda=0, /dev/sdc1, disk 2 part 1",
    "scsi/x 0 0; sata 0 0; sata 0 3, /dev/sdb=0, /dev/sda1, disk 1 part 1",
    "scsi/x 0 0; sata 0 0; sata 0 -, /dev/sda=0, /dev/sdb1, disk 1 part 1 assumed",
    // Two kinds are left.
    "scsi/x 0 0; scsi/x 0 1; sata 0 0, /dev/sda=0, /dev/sdb1, none not known",
    // A letter beyond the disks, or one of another family, tells nothing.
    "scsi/x 0 0; sata 0 0, /dev/sde=0, /dev/sdb1, none not known",
    "scsi/x 0 0; sata 0 0, /dev/xvda=0, /dev/sdb1, none not known",
    "scsi/x 0 0; sata 0 0; nvme 0 0, /dev/sda=2, /dev/sdb1, none not known",
    // The old driver for IDE leaves the letters to the others.
    "ide 0 0; scsi/x 0 0, /dev/hda=0, /dev/sda1, disk 1 part 1",
    "ide 0 0; scsi/x 0 0; scsi/x 0 1, /dev/hda=0, /dev/sdb1, disk 2 part 1",
    "ide 0 0; scsi/x 0 0; sata 0 1, /dev/hda=0, /dev/sdb1, none not known",
  })
  void aNameThatIsKnownTellsOfTheOthers(String disks, String known, String name, String meaning) {
    String[] words = known.split("=");
    DiskOrder order = machine(disks).knowing(Map.of(words[0], Integer.valueOf(words[1])));

    assertThat(meaning(order, name)).isEqualTo(meaning);
  }

  @Test
  void withoutADescriptionDisksCountAsTheyWereGiven() {
    assertThat(meaning(DiskOrder.asGiven(2), "/dev/sdb1")).isEqualTo("disk 1 part 1");
  }

  @Test
  void ofOneDiskEveryFirstNameIsKnown() {
    assertThat(meaning(machine("ide 1 0"), "/dev/xvda1")).isEqualTo("disk 0 part 1");
  }

  @Test
  void anObstacleNamesTheKindsOfControllers() {
    assertThat(machine("scsi/LsiLogic 0 0; sata 0 0").obstacle("/dev/sdb1"))
        .hasValueSatisfying(why -> assertThat(why).contains("SATA and SCSI (lsilogic)"));
  }
}
