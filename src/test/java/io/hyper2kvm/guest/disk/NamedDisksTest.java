package io.hyper2kvm.guest.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one name that is known tells of the other names; "-" where they stay unknown. */
class NamedDisksTest {

  /** Each disk has partitions 1 and 2. */
  private static GuestDisks disks(int count) {
    List<GuestPartition> partitions = new ArrayList<>();
    for (int disk = 0; disk < count; disk++) {
      for (int number = 1; number <= 2; number++) {
        String name = "/dev/sd" + (char) ('a' + disk) + number;
        partitions.add(new GuestPartition(name, disk, number, "", "", "", "ext4", Set.of()));
      }
    }
    return new GuestDisks(partitions, count);
  }

  private static GuestDisks known(int count, String name, int disk, String... others) {
    GuestDisks disks = disks(count);
    GuestPartition root = disks.partitions().get(2 * disk);
    List<String> names = new ArrayList<>(List.of(others));
    names.add(name);
    return disks.withNames(List.of(new NamedDisks.Anchor(name, root)), names);
  }

  private static String meant(GuestDisks disks, String name) {
    Optional<GuestPartition> found = disks.resolve(name);
    return found.map(p -> (p.disk() + 1) + "/" + p.number()).orElse("-");
  }

  @ParameterizedTest
  @CsvSource({
    // The disk of a root that is known: its other partitions follow.
    "1, /dev/xvde1, 1, /dev/xvde2, 1/2",
    "1, /dev/sdc1, 1, /dev/sdc2, 1/2",
    "1, /dev/cciss/c1d0p1, 1, /dev/cciss/c1d0p2, 1/2",
    "1, /dev/nvme1n1p1, 1, /dev/nvme1n1p2, 1/2",
    "1, /dev/hdc1, 1, /dev/hdc2, 1/2",
    "1, /dev/mapper/mpathc1, 1, /dev/mapper/mpathc2, 1/2",
    "2, /dev/xvda1, 2, /dev/xvda2, 2/2",
    "2, /dev/disk/by-id/scsi-36000c29aaa-part1, 2, /dev/disk/by-id/scsi-36000c29aaa-part2, 2/2",
    "2, /dev/disk/by-id/scsi-36000c29aaa-part1, 2, /dev/disk/by-id/scsi-36000c29bbb-part2, -",
    "2, /dev/disk/by-path/pci-0000:0b:00.0-scsi-0:0:0:0-part1, 2,"
        + " /dev/disk/by-path/pci-0000:0b:00.0-scsi-0:0:0:0-part2, 2/2",
    // Letters that begin later: the neighbour is the next disk, if the VM has one.
    "2, /dev/xvde1, 1, /dev/xvdf1, 2/1",
    "3, /dev/xvde1, 1, /dev/xvdf2, 2/2",
    "2, /dev/sdc1, 1, /dev/sdd1, 2/1",
    "2, /dev/xvdf1, 2, /dev/xvde1, 1/1",
    "1, /dev/xvde1, 1, /dev/xvdf1, -",
    // Behind a gap nothing is known, unless one disk alone is left.
    "3, /dev/xvde1, 1, /dev/xvdg1, -",
    "2, /dev/xvde1, 1, /dev/xvdg1, 2/1",
    // Two names, two disks, in the other order.
    "2, /dev/sda1, 2, /dev/sdb1, 1/1",
    "3, /dev/sda1, 2, /dev/sdb1, -",
    "2, /dev/hda1, 1, /dev/hdc1, 2/1",
    "2, /dev/nvme1n1p1, 1, /dev/nvme0n1p1, 2/1",
    "2, /dev/cciss/c1d0p1, 1, /dev/cciss/c0d0p1, 2/1",
    // The usual order is confirmed and goes on.
    "3, /dev/sda1, 1, /dev/sdc2, 3/2",
    // A letter before the first disk's.
    "1, /dev/sdb1, 1, /dev/sda1, -",
    // Names of another family tell nothing of the order of this one.
    "2, /dev/hda1, 2, /dev/sda1, 1/1"
  })
  void oneNameThatIsKnownSettlesOthers(
      int count, String known, int disk, String other, String meant) {
    assertThat(meant(known(count, known, disk - 1, other), other)).isEqualTo(meant);
  }

  @Test
  void lettersInARowAreDisksInARow() {
    GuestDisks disks = known(3, "/dev/xvde1", 0, "/dev/xvdf1", "/dev/xvdg2");

    assertThat(meant(disks, "/dev/xvdf1")).isEqualTo("2/1");
    assertThat(meant(disks, "/dev/xvdg2")).isEqualTo("3/2");
  }

  @Test
  void moreLettersThanDisksTellNothing() {
    GuestDisks disks = known(2, "/dev/xvde1", 0, "/dev/xvdf1", "/dev/xvdg2");

    assertThat(meant(disks, "/dev/xvdf1")).isEqualTo("-");
    assertThat(meant(disks, "/dev/xvdg2")).isEqualTo("-");
    assertThat(meant(disks, "/dev/xvde2")).isEqualTo("1/2");
  }

  @Test
  void anotherPartitionThanTheKnownOneSettlesNothing() {
    GuestDisks disks = disks(1);
    NamedDisks.Anchor wrong = new NamedDisks.Anchor("/dev/xvde2", disks.partitions().get(0));

    assertThat(meant(disks.withNames(List.of(wrong), List.of()), "/dev/xvde1")).isEqualTo("-");
  }

  @Test
  void theFirstOfTwoNamesForOneDiskHolds() {
    GuestDisks disks = disks(2);
    GuestPartition root = disks.partitions().get(0);
    GuestDisks named =
        disks.withNames(
            List.of(
                new NamedDisks.Anchor("/dev/sda1", root), new NamedDisks.Anchor("/dev/sdb1", root)),
            List.of("/dev/sda1", "/dev/sdb1"));

    assertThat(meant(named, "/dev/sdb2")).isEqualTo("2/2");
  }
}
