package io.hyper2kvm.guest.boot.menu;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.boot.menu.LegacyDrives.Machine;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where GRUB legacy looks for its kernels after the move. */
class LegacyDrivesTest {

  private static final String FILE = "/boot/grub/menu.lst";
  private static final String UUID = "8f1c2a54-0f3e-4c0c-9d4e-6a1b5f1f2a01";
  private static final List<String> KERNELS =
      List.of("/boot/vmlinuz-2.6.32", "/boot/vmlinuz-2.6.18");

  /** Line 5 is the root, line 6 the kernel of the entry that starts by itself. */
  private static final String MENU =
      """
      default 0
      timeout 5

      title Linux
      \tROOT
      \tkernel /vmlinuz-2.6.32 root=UUID=1 ro
      \tinitrd /initrd-2.6.32.img
      """;

  private static GuestPartition partition(int disk, int number, String type) {
    char letter = (char) ('a' + Math.max(0, disk));
    String uuid = disk == 0 && number == 1 ? UUID : "uuid-" + disk + "-" + number;
    return disk < 0
        ? new GuestPartition("/dev/md127", -1, 0, "md", "", "", type, Set.of("/dev/md0"))
        : new GuestPartition(
            "/dev/sd" + letter + number, disk, number, uuid, "", "", type, Set.of());
  }

  /** As many disks as asked for, each with a /boot, a swap and a logical partition. */
  private static GuestDisks disks(int count) {
    List<GuestPartition> partitions = new ArrayList<>();
    for (int disk = 0; disk < count; disk++) {
      partitions.add(partition(disk, 1, "ext3"));
      partitions.add(partition(disk, 2, "swap"));
      partitions.add(partition(disk, 5, "ext3"));
    }
    return new GuestDisks(partitions, count);
  }

  private static Machine machine(int count, int bootDisk, int disk, int number) {
    return new Machine(
        disks(count), bootDisk, false, Optional.of(partition(disk, number, "ext3")), KERNELS);
  }

  private static List<String> warnings(String menu, Machine machine) {
    return LegacyDrives.warnings(Map.of(FILE, menu), machine);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // one disk
        "root (hd0,0)                | 1 | 0 | 0 | 1 |",
        "root (hd0,4)                | 1 | 0 | 0 | 5 |",
        "root (hd0,1)                | 1 | 0 | 0 | 1 | partition 2 (swap) on KVM",
        "root (hd0,4)                | 1 | 0 | 0 | 1 | write (hd0,0) in the guest",
        "root (hd0,6)                | 1 | 0 | 0 | 1 | (hd0,6) would be disk 1, partition 7",
        "root (hd1,0)                | 1 | 0 | 0 | 1 | (hd1,0) is a disk that this VM has not: it has 1",
        // several: the boot disk counts first, wherever it is
        "root (hd0,0)                | 3 | 0 | 0 | 1 |",
        "root (hd0,0)                | 3 | 2 | 2 | 1 |",
        "root (hd1,0)                | 3 | 2 | 0 | 1 |",
        "root (hd2,0)                | 3 | 2 | 1 | 1 |",
        "root (hd2,0)                | 3 | 1 | 2 | 1 |",
        "root (hd1,0)                | 3 | 1 | 0 | 1 |",
        "root (hd0,0)                | 3 | 2 | 0 | 1 | /boot is on disk 1, partition 1 (ext3)",
        "root (hd0,0)                | 3 | 2 | 0 | 1 | write (hd1,0) in the guest",
        "root (hd1,0)                | 3 | 0 | 2 | 1 | write (hd2,0) in the guest",
        "root (hd3,0)                | 3 | 0 | 0 | 1 | it has 3",
        // without numbers
        "uuid 8f1c2a54-0f3e-4c0c-9d4e-6a1b5f1f2a01 | 2 | 0 | 0 | 1 |",
        "uuid dead-beef              | 2 | 0 | 0 | 1 | uuid dead-beef is no file system of this VM",
        "uuid uuid-1-1               | 2 | 0 | 0 | 1 | /boot is on disk 1",
        "root (nd)                   | 1 | 0 | 0 | 1 |",
        "# nothing                   | 1 | 0 | 0 | 1 |",
        "root (hd0,0,a)              | 1 | 0 | 0 | 1 |",
        "root (hd0,                  | 1 | 0 | 0 | 1 |",
        "root (hd99999,0)            | 1 | 0 | 0 | 1 | is a disk that this VM has not",
      })
  void theRootOfAnEntryIsTheFileSystemWithItsKernel(
      String root, int count, int bootDisk, int disk, int number, String warning) {
    List<String> found =
        warnings(MENU.replace("ROOT", root), machine(count, bootDisk, disk, number));

    if (warning == null) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).singleElement().asString().startsWith(FILE + ":5: ").contains(warning);
    }
  }

  @Test
  void aDeviceOfTheKernelsOwnLineCountsBeforeTheRoot() {
    String menu = MENU.replace("ROOT", "root (hd0,4)").replace("kernel /", "kernel (hd0,1)/");

    assertThat(warnings(menu, machine(1, 0, 0, 5)))
        .singleElement()
        .asString()
        .startsWith(FILE + ":6: (hd0,1) is disk 1, partition 2 (swap)");
  }

  @Test
  void anArrayIsReadByItsMembers() {
    GuestPartition array = partition(-1, 0, "ext3");
    GuestDisks disks =
        new GuestDisks(
            List.of(
                partition(0, 1, "linux_raid_member"),
                partition(1, 1, "linux_raid_member"),
                partition(1, 2, "swap"),
                array),
            2);
    Machine machine = new Machine(disks, 0, false, Optional.of(array), KERNELS);

    assertThat(warnings(MENU.replace("ROOT", "root (hd0,0)"), machine)).isEmpty();
    assertThat(warnings(MENU.replace("ROOT", "root (hd1,0)"), machine)).isEmpty();
    assertThat(warnings(MENU.replace("ROOT", "root (hd1,1)"), machine))
        .singleElement()
        .asString()
        .contains("correct it in the guest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"root (hd0,0)", "root (hd0,1)"})
  void ofSeveralDisksOnUefiTheNumbersAreNotKnown(String root) {
    Machine uefi = new Machine(disks(2), 0, true, Optional.of(partition(0, 1, "ext3")), KERNELS);

    assertThat(warnings(MENU.replace("ROOT", root), uefi))
        .singleElement()
        .asString()
        .startsWith(FILE + ":5: ")
        .contains("how GRUB legacy counts 2 disks on UEFI is not known");
  }

  private static final String OTHERS =
      """
      HEAD
      title Linux
        root (hd0,0)
        kernel /vmlinuz-2.6.32 ro
      title Another Linux
        root (hd1,4)
        kernel /boot/vmlinuz-5.0-other root=/dev/sdb5
      title Windows
        LINE
        chainloader +1
      title Older
        root (hd0,0)
        kernel /vmlinuz-2.6.18 ro
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "default 0             | rootnoverify (hd1,0) | 2 |",
        "default 2             | rootnoverify (hd1,0) | 2 | 9: the entry 2, which starts by itself or as a fallback, takes rootnoverify: (hd1,0) is disk 2",
        "fallback 2            | rootnoverify (hd1,0) | 2 | 9: the entry 2",
        "fallback 3 2          | map (hd0) (hd1)      | 2 | 9: the entry 2",
        "default 0             | map (hd0) (hd2)      | 2 | 9: (hd2) is a disk that this VM has not",
        "default 0             | rootnoverify (hd1,3) | 2 | 9: (hd1,3) would be disk 2, partition 4",
        "default 0             | rootnoverify (hd0,0) | 2 |",
        "default 2             | rootnoverify (hd0,0) | 2 | 9: the entry 2",
        "default saved         | rootnoverify (hd0,0) | 2 | 1: the default is saved, and no number is known: name an entry that is there",
        "default 9             | rootnoverify (hd0,0) | 2 | 1: the default is 9, and there are 4 entries",
        "fallback 4            | rootnoverify (hd0,0) | 2 | 1: the fallback is 4, and there are 4 entries",
        "fallback=7            | rootnoverify (hd0,0) | 2 | 1: the fallback is 7",
        "fallback = 7          | rootnoverify (hd0,0) | 2 | 1: the fallback is 7",
        "fallback x            | rootnoverify (hd0,0) | 2 | 1: the fallback is x",
        "fallback=3            | rootnoverify (hd0,0) | 2 |",
        "# groot=(hd0,0)       | rootnoverify (hd0,0) | 2 |",
        "# groot=(hd1,0)       | rootnoverify (hd0,0) | 2 | 1: (hd1,0) is disk 2, partition 1 (ext3) on KVM, where the boot disk counts first, and /boot is on disk 1, partition 1 (ext3): update-grub writes it into each entry at the next kernel update; write (hd0,0) in the guest",
        "# groot=uuid-1        | rootnoverify (hd0,0) | 2 |",
      })
  void otherEntriesAreToldWhereTheyStartByThemselvesOrCannotStart(
      String head, String line, int count, String warning) {
    List<String> found =
        warnings(OTHERS.replace("HEAD", head).replace("LINE", line), machine(count, 0, 0, 1));

    if (warning == null) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).singleElement().asString().startsWith(FILE + ":" + warning);
    }
  }

  @Test
  void anotherSystemThatStartsByItselfIsTold() {
    assertThat(
            warnings(
                OTHERS.replace("HEAD", "default 1").replace("LINE", "root (hd0,0)"),
                machine(2, 0, 0, 1)))
        .singleElement()
        .asString()
        .startsWith(FILE + ":6: (hd1,4) is disk 2, partition 5 (ext3)");
  }

  @Test
  void theSavedEntryIsTheOneBesideTheMenu() {
    Map<String, String> texts =
        Map.of(
            FILE,
            OTHERS.replace("HEAD", "default saved").replace("LINE", "rootnoverify (hd1,0)"),
            "/boot/grub/default",
            "2\n#\n");

    assertThat(LegacyDrives.warnings(texts, machine(2, 0, 0, 1)))
        .singleElement()
        .asString()
        .startsWith(FILE + ":9: the entry 2");
  }

  @Test
  void beyondANewerGrubAMenuIsALeftover() {
    Map<String, String> texts =
        Map.of(
            FILE,
            MENU.replace("ROOT", "root (hd7,7)"),
            "/boot/grub/grub.cfg",
            "menuentry x {\n linux /vmlinuz root=UUID=1\n}\n");

    assertThat(LegacyDrives.warnings(texts, machine(1, 0, 0, 1))).isEmpty();
  }

  @Test
  void aMenuOfManyEntriesIsToldInFew() {
    String menu = "title x\nroot (hd9,0)\nkernel /vmlinuz\n".repeat(500);

    assertThat(warnings(menu, machine(1, 0, 0, 1))).hasSize(20);
  }
}
