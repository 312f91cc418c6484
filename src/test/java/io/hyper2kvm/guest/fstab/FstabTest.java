package io.hyper2kvm.guest.fstab;

import static io.hyper2kvm.guest.SampleGuests.BOOT_UUID;
import static io.hyper2kvm.guest.SampleGuests.DATA_UUID;
import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static io.hyper2kvm.guest.SampleGuests.SWAP_UUID;
import static io.hyper2kvm.guest.SampleGuests.THREE_DISKS;
import static io.hyper2kvm.guest.fstab.Fstab.Mode.BYPATH_ONLY;
import static io.hyper2kvm.guest.fstab.Fstab.Mode.NOOP;
import static io.hyper2kvm.guest.fstab.Fstab.Mode.STABILIZE_ALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.SampleGuests;
import io.hyper2kvm.guest.disk.DiskOrder;
import io.hyper2kvm.guest.disk.DiskSeat;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.VolumeNames;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FstabTest {

  private static final String DEBIAN =
      """
      # /etc/fstab: static file system information.
      #
      # <file system> <mount point>   <type>  <options>       <dump>  <pass>
      # / was on /dev/sda1 during installation
      /dev/sda1       /               ext4    errors=remount-ro 0       1
      # swap was on /dev/sda5 during installation
      /dev/sda5\tnone            swap    sw              0       0
      /dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0
      tmpfs /tmp tmpfs nosuid,nodev 0 0
      """;

  @Test
  void debianRowsGetTheirUuidAndNothingElseChanges() {
    Edited edited = Fstab.stabilize(DEBIAN, ONE_DISK, STABILIZE_ALL);

    assertThat(edited.text())
        .isEqualTo(
            DEBIAN
                .replace("\n/dev/sda1 ", "\nUUID=" + ROOT_UUID + " ")
                .replace("\n/dev/sda5\t", "\nUUID=" + SWAP_UUID + "\t"));
    assertThat(edited.warnings()).isEmpty();
    assertThat(edited.failures()).isEmpty();
  }

  @Test
  void evidenceHasTheLineBeforeAndAfter() {
    Edited edited = Fstab.stabilize("# x\n/dev/sda1 / ext4\n", ONE_DISK, STABILIZE_ALL);

    assertThat(edited.changes())
        .containsExactly(
            new Change(
                "/etc/fstab",
                2,
                "/dev/sda1 / ext4",
                "UUID=" + ROOT_UUID + " / ext4",
                "fstab.stabilize-all",
                "/dev/sda1 can change between hypervisors; it is disk 1, partition 1 (ext4)"));
  }

  @Test
  void windowsLineEndingsAndAMissingLastOneStay() {
    Edited edited =
        Fstab.stabilize(
            "#\r\n/dev/sda1\t/ ext4\r\n\r\n/dev/sda5 none swap", ONE_DISK, STABILIZE_ALL);

    assertThat(edited.text())
        .isEqualTo("#\r\nUUID=" + ROOT_UUID + "\t/ ext4\r\n\r\nUUID=" + SWAP_UUID + " none swap");
  }

  @Test
  void stableRowsStayByteForByte() {
    String rhel =
        """
        /dev/mapper/rhel-root   /                       xfs     defaults        0 0
        UUID=%s /boot                   ext4     defaults        0 0
        LABEL=rootfs /l ext4 defaults 0 0
        /dev/vg/home /home xfs defaults 0 0
        nas:/export /mnt nfs defaults 0 0
        //nas/share /cifs cifs password=secret 0 0
        /swapfile none swap sw 0 0
        proc /proc proc defaults 0 0
        """
            .formatted(ROOT_UUID);

    List<GuestPartition> devices = new ArrayList<>(ONE_DISK.partitions());
    devices.add(volume("/dev/rhel/root"));
    devices.add(volume("/dev/vg/home"));
    Edited edited = Fstab.stabilize(rhel, new GuestDisks(devices, 1), STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo(rhel);
    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).isEmpty();
    assertThat(edited.leftAlone()).hasSize(8);
    assertThat(edited.leftAlone().get(5).text()).contains("password=***");
    assertThat(edited.leftAlone().get(0).reason()).contains("volume");
    assertThat(edited.leftAlone().get(4).reason()).contains("network");
  }

  @Test
  void partitionWithoutUuidGetsItsPartitionUuid() {
    assertThat(Fstab.stabilize("/dev/sda6 /x ext4", ONE_DISK, STABILIZE_ALL).text())
        .isEqualTo("PARTUUID=4d3c2b1a-06 /x ext4");
  }

  @Test
  void byPathRowOfDiskTwoIsNotResolvedOnDiskOne() {
    String row = "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:1:0-part1 /data xfs defaults 0 0\n";

    assertThat(Fstab.stabilize(row, THREE_DISKS, STABILIZE_ALL).text())
        .isEqualTo("UUID=" + DATA_UUID + " /data xfs defaults 0 0\n");
    Edited alone = Fstab.stabilize(row, ONE_DISK, STABILIZE_ALL);
    assertThat(alone.text()).isEqualTo(row);
    assertThat(alone.warnings()).singleElement().asString().startsWith("/etc/fstab:1: ");
  }

  @Test
  void rowsOfEveryDiskResolve() {
    assertThat(
            Fstab.stabilize(
                    "/dev/sda1 / ext4\n/dev/sdb1 /data xfs\n/dev/sdc /backup ext3\n",
                    THREE_DISKS,
                    STABILIZE_ALL)
                .text())
        .isEqualTo(
            "UUID=%s / ext4\nUUID=%s /data xfs\nUUID=%s /backup ext3\n"
                .formatted(ROOT_UUID, DATA_UUID, BOOT_UUID));
  }

  @Test
  void unresolvableRowStaysWithAWarning() {
    Edited edited = Fstab.stabilize("/dev/sdz1 /data ext4\n", ONE_DISK, STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo("/dev/sdz1 /data ext4\n");
    assertThat(edited.warnings()).hasSize(1);
    assertThat(edited.failures()).isEmpty();
    assertThat(edited.leftAlone()).hasSize(1);
  }

  @Test
  void unresolvableRootRowIsAFailure() {
    Edited edited = Fstab.stabilize("/dev/sdz1 / ext4\n", ONE_DISK, STABILIZE_ALL);

    assertThat(edited.failures()).singleElement().asString().contains("/dev/sdz1 for / stays");
  }

  @Test
  void rootWithoutAnyStableNameIsAFailure() {
    assertThat(Fstab.stabilize("/dev/sda7 / ext4", ONE_DISK, STABILIZE_ALL).failures())
        .singleElement()
        .asString()
        .contains("no unique UUID");
  }

  @Test
  void stableReferenceToNothingWarnsUnlessTheGuestDoesNotWait() {
    String gone = "UUID=dead-beef";

    assertThat(Fstab.stabilize(gone + " none swap sw", ONE_DISK, STABILIZE_ALL).warnings())
        .singleElement()
        .asString()
        .contains("would wait");
    assertThat(Fstab.stabilize(gone + " /x ext4 rw,nofail", ONE_DISK, STABILIZE_ALL).warnings())
        .isEmpty();
    assertThat(Fstab.stabilize(gone + " /x ext4 noauto", ONE_DISK, STABILIZE_ALL).leftAlone())
        .singleElement()
        .satisfies(left -> assertThat(left.reason()).contains("no device"));
  }

  @Test
  void byPathOnlyLeavesOtherUnstableNames() {
    String text =
        "/dev/sda1 / ext4\n/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:0:0-part5 none swap\n";

    Edited edited = Fstab.stabilize(text, ONE_DISK, BYPATH_ONLY);

    assertThat(edited.text()).isEqualTo("/dev/sda1 / ext4\nUUID=" + SWAP_UUID + " none swap\n");
    assertThat(edited.changes()).extracting(Change::rule).containsOnly("fstab.bypath-only");
    assertThat(edited.failures()).isEmpty();
  }

  @Test
  void noopChangesNothing() {
    assertThat(Fstab.stabilize(DEBIAN, ONE_DISK, NOOP).text()).isEqualTo(DEBIAN);
    assertThat(Fstab.stabilize(DEBIAN, ONE_DISK, NOOP).changed()).isFalse();
  }

  @Test
  void escapedDeviceNameIsUnderstood() {
    assertThat(Fstab.stabilize("/dev/\\163da1 / ext4", ONE_DISK, STABILIZE_ALL).text())
        .isEqualTo("UUID=" + ROOT_UUID + " / ext4");
  }

  @Test
  void btrfsSubvolumesShareTheirDevice() {
    GuestPartition btrfs =
        new GuestPartition("/dev/sda2", 0, 2, "1111-2222", "", "", "btrfs", Set.of());
    GuestDisks disks = new GuestDisks(List.of(btrfs), 2);
    String sles =
        "UUID=1111-2222 / btrfs defaults 0 0\n"
            + "/dev/sda2 /var btrfs subvol=/@/var 0 0\n"
            + "/dev/sda2 /srv btrfs subvol=/@/srv 0 0\n";

    Edited edited = Fstab.stabilize(sles, disks, STABILIZE_ALL);

    assertThat(edited.text()).doesNotContain("/dev/sda2");
    assertThat(edited.warnings()).isEmpty();
  }

  @Test
  void twoKindsOfNameOnSeveralDisksCannotBeOrdered() {
    Edited edited =
        Fstab.stabilize("/dev/sda1 / ext4\n/dev/nvme0n1p1 /data xfs\n", THREE_DISKS, STABILIZE_ALL);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.failures()).singleElement().asString().contains("nvme and sd");
    assertThat(edited.warnings()).hasSize(1);
  }

  @Test
  void inspectedRootSettlesItsOwnRow() {
    Edited edited =
        Fstab.stabilize(
            "/dev/sda1 / ext4\n/dev/nvme0n1p1 /data xfs\n",
            THREE_DISKS.withRoot(SampleGuests.ROOT),
            STABILIZE_ALL);

    assertThat(edited.text()).startsWith("UUID=" + ROOT_UUID + " / ext4\n/dev/nvme0n1p1 ");
    assertThat(edited.failures()).isEmpty();
  }

  @Test
  void rootOnAnotherDiskThanNamedMakesTheOrderUnknown() {
    Edited edited =
        Fstab.stabilize(
            "/dev/sda1 / xfs\n/dev/sdb1 /data ext4\n",
            THREE_DISKS.withRoot(SampleGuests.DATA),
            STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo("UUID=" + DATA_UUID + " / xfs\n/dev/sdb1 /data ext4\n");
    assertThat(edited.warnings()).singleElement().asString().contains("order of the disks");
  }

  @Test
  void rootRowThatContradictsTheInspectionIsAFailure() {
    Edited edited =
        Fstab.stabilize("/dev/sda6 / ext4", THREE_DISKS.withRoot(SampleGuests.ROOT), STABILIZE_ALL);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.failures()).hasSize(1);
  }

  @Test
  void inspectedRootSettlesANameOfADiskThatIsNotThere() {
    assertThat(
            Fstab.stabilize("/dev/sdb1 / ext4", ONE_DISK.withRoot(SampleGuests.ROOT), STABILIZE_ALL)
                .text())
        .isEqualTo("UUID=" + ROOT_UUID + " / ext4");
  }

  @Test
  void suseNamesByIdentityGetTheirUuidAndItsVolumesStay() {
    String sles =
        """
        /dev/disk/by-id/ata-VMware_Virtual_IDE_Hard_Drive_00000000000000000001-part5 swap swap defaults 0 0
        /dev/disk/by-id/scsi-36000c29a7b1c-part1 /                    ext3       acl,user_xattr        1 1
        /dev/disk/by-id/dm-name-system-home /home ext3 acl,user_xattr 1 2
        proc                 /proc                proc       defaults              0 0
        devpts               /dev/pts             devpts     mode=0620,gid=5       0 0
        """;

    assertThat(Fstab.stabilize(sles, ONE_DISK, STABILIZE_ALL).text())
        .isEqualTo(
            sles.replaceFirst("/dev/disk/by-id/ata\\S+", "UUID=" + SWAP_UUID)
                .replaceFirst("/dev/disk/by-id/scsi\\S+", "UUID=" + ROOT_UUID));
  }

  @Test
  void ubuntuCloudImageStays() {
    String ubuntu = "LABEL=rootfs\t/\t ext4\tdefaults\t0 1\n/swap.img\tnone\tswap\tsw\t0\t0\n";

    Edited edited = Fstab.stabilize(ubuntu, ONE_DISK, STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo(ubuntu);
    assertThat(edited.warnings()).isEmpty();
  }

  @Test
  void windowsLineEndingIsNoPartOfTheLastColumn() {
    Edited edited =
        Fstab.stabilize("UUID=dead /x ext4 nofail\r\n/dev/sda1 /\r\n", ONE_DISK, STABILIZE_ALL);

    assertThat(edited.warnings()).isEmpty();
    assertThat(edited.changes()).extracting(Change::before).containsExactly("/dev/sda1 /");
  }

  @Test
  void fileSystemOfAnotherTypeIsNotTheOneMeant() {
    Edited edited = Fstab.stabilize("/dev/sdb1 /data ext4", THREE_DISKS, STABILIZE_ALL);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).singleElement().asString().contains("but the row says ext4");
  }

  @Test
  void fileSystemThatAnotherRowMountsIsNotTakenTwice() {
    String text =
        "UUID="
            + ROOT_UUID
            + " / ext4\n/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:0:0-part1 /data ext4\n";

    Edited edited = Fstab.stabilize(text, THREE_DISKS, STABILIZE_ALL);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).singleElement().asString().contains("but so would UUID=");
  }

  @Test
  void opticalDriveIsNoDisk() {
    Edited edited =
        Fstab.stabilize(
            "/dev/hda /media/cdrom0 udf,iso9660 user,noauto 0 0", ONE_DISK, STABILIZE_ALL);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).isEmpty();
  }

  @Test
  void rowsAreParsedWithTheirDefaults() {
    assertThat(Fstab.rows("# c\n\n/dev/sda1 /my\\040data ext4 rw 1 2 # end\nx\nproc /proc\n"))
        .containsExactly(
            new Fstab.Row(3, "/dev/sda1", "/my data", "ext4", "rw"),
            new Fstab.Row(5, "proc", "/proc", "", "defaults"));
  }

  @Test
  void rowsAreBounded() {
    assertThat(Fstab.rows("a b\n".repeat(10_000))).hasSize(Fstab.MAX_ROWS);
  }

  private static GuestPartition volume(String name) {
    return new GuestPartition(
        name,
        -1,
        0,
        "1111" + name.hashCode(),
        "",
        "",
        "xfs",
        VolumeNames.ofLogicalVolume(
            name, "AbCdEf0123456789abcdef0123456789", "GhIjKl0123456789abcdef0123456789"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/vg-0/usr",
        "/dev/mapper/vg--0-usr",
        "/dev/disk/by-id/dm-name-vg--0-usr",
        "/dev/disk/by-id/dm-uuid-LVM-AbCdEf0123456789abcdef0123456789GhIjKl0123456789abcdef0123456789"
      })
  void everyNameOfAVolumeItselfStays(String name) {
    GuestDisks disks = new GuestDisks(List.of(volume("/dev/vg-0/usr")), 1);
    Edited edited = Fstab.stabilize(name + " /usr xfs defaults 0 0\n", disks, STABILIZE_ALL);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).isEmpty();
    assertThat(Fstab.mounted(edited.text(), disks)).containsKey("/usr");
    assertThat(Fstab.unresolved(edited.text(), disks)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/vg-0/gone",
        "/dev/mapper/vg--0-gone",
        "/dev/disk/by-id/dm-name-vg--0-gone",
        "/dev/disk/by-id/dm-uuid-LVM-0000",
        "/dev/md0",
        "/dev/disk/by-id/md-uuid-1:2:3:4"
      })
  void aVolumeThatIsNotThereIsToldUnlessAnEncryptedOneMayHoldIt(String name) {
    String row = name + " /srv xfs defaults 0 0\n";
    GuestPartition volume = volume("/dev/vg-0/usr");
    GuestPartition luks =
        new GuestPartition("/dev/sda2", 0, 2, "3333", "", "", "crypto_LUKS", Set.of());

    assertThat(Fstab.stabilize(row, new GuestDisks(List.of(volume), 1), STABILIZE_ALL).warnings())
        .singleElement()
        .asString()
        .startsWith("/etc/fstab:1: " + name + " for /srv leads to no device");
    assertThat(
            Fstab.stabilize(row, new GuestDisks(List.of(volume, luks), 1), STABILIZE_ALL)
                .warnings())
        .isEmpty();
  }

  @Test
  void theDeviceMappersNumberIsTheOnlyVolumesAndOfSeveralNobodys() {
    GuestPartition usr = volume("/dev/vg-0/usr");
    String row = "/dev/dm-0 /usr xfs defaults 0 0\n";

    assertThat(Fstab.stabilize(row, new GuestDisks(List.of(usr), 1), STABILIZE_ALL).text())
        .isEqualTo("/dev/mapper/vg--0-usr /usr xfs defaults 0 0\n");
    Edited two =
        Fstab.stabilize(
            row, new GuestDisks(List.of(usr, volume("/dev/vg-0/home")), 1), STABILIZE_ALL);
    assertThat(two.changed()).isFalse();
    assertThat(two.warnings()).singleElement().asString().contains("could not be traced");
  }

  @Test
  void theDeviceMappersNumberInTheRootRowIsTheInspectedVolume() {
    GuestPartition root = volume("/dev/vg-0/root");
    GuestDisks disks = new GuestDisks(List.of(root, volume("/dev/vg-0/home")), 1).withRoot(root);

    assertThat(Fstab.stabilize("/dev/dm-1 / xfs defaults 0 0\n", disks, STABILIZE_ALL).text())
        .isEqualTo("/dev/mapper/vg--0-root / xfs defaults 0 0\n");
  }

  @ParameterizedTest
  @CsvSource({
    "/dev/xvde1, /dev/xvde5",
    "/dev/sdc1, /dev/sdc5",
    "/dev/hdc1, /dev/hdc5",
    "/dev/nvme2n1p1, /dev/nvme2n1p5",
    "/dev/cciss/c1d0p1, /dev/cciss/c1d0p5",
    "/dev/mapper/mpathb1, /dev/mapper/mpathb5",
    "/dev/disk/by-path/pci-0000:00:1f.2-ata-4-part1, /dev/disk/by-path/pci-0000:00:1f.2-ata-4-part5"
  })
  void rowsOfTheRootsDiskFollowFromTheRootRow(String root, String swap) {
    String text = root + " / ext4 defaults 0 1\n" + swap + " none swap sw 0 0\n";

    assertThat(Fstab.stabilize(text, ONE_DISK.withRoot(SampleGuests.ROOT), STABILIZE_ALL).text())
        .isEqualTo(
            "UUID=%s / ext4 defaults 0 1\nUUID=%s none swap sw 0 0\n"
                .formatted(ROOT_UUID, SWAP_UUID));
  }

  @ParameterizedTest
  @CsvSource({
    "/dev/xvde5 /data ext4, but the row says ext4", // the partition is swap
    "/dev/xvde1 none swap, but the row says swap", // the partition is the root file system
    "/dev/xvde9 /data ext4, could not be traced", // there is no such partition
    "/dev/xvdf1 /data ext4, order of the disks is not known",
    "/dev/xvda1 /data ext4, order of the disks is not known"
  })
  void aRowThatContradictsStaysWithAWarning(String row, String why) {
    String text = "/dev/xvde1 / ext4 defaults 0 1\n" + row + " defaults 0 0\n";
    Edited edited = Fstab.stabilize(text, ONE_DISK.withRoot(SampleGuests.ROOT), STABILIZE_ALL);

    assertThat(edited.text()).endsWith(row + " defaults 0 0\n");
    assertThat(edited.warnings()).singleElement().asString().contains("/etc/fstab:2: ", why);
  }

  @Test
  void theInstallersNoteTellsWhatALetterIs() {
    String text =
        "# / was on /dev/xvde1 during installation\nUUID="
            + ROOT_UUID
            + " / ext4 defaults 0 1\n/dev/xvde5 none swap sw 0 0\n";

    assertThat(Fstab.stabilize(text, ONE_DISK, STABILIZE_ALL).text())
        .endsWith("\nUUID=" + SWAP_UUID + " none swap sw 0 0\n");
  }

  private static DiskSeat seat(DiskSeat.Bus bus, String model, int unit) {
    OptionalInt number = unit < 0 ? OptionalInt.empty() : OptionalInt.of(unit);
    return new DiskSeat(bus, model, bus + model, OptionalInt.of(0), OptionalInt.empty(), number);
  }

  private static Edited onMachine(String text, DiskSeat... seats) {
    return Fstab.stabilize(
        text, THREE_DISKS.withOrder(DiskOrder.described(List.of(seats))), STABILIZE_ALL);
  }

  @Test
  void aRowThatHangsOnAnAssumedOrderChangesWithAWarning() {
    Edited edited =
        onMachine(
            "# data\n/dev/sdb1 /srv xfs\n",
            seat(DiskSeat.Bus.SCSI, "x", 0),
            seat(DiskSeat.Bus.SCSI, "x", -1),
            seat(DiskSeat.Bus.SCSI, "x", 1));

    assertThat(edited.text()).doesNotContain("/dev/sdb1");
    assertThat(edited.warnings())
        .singleElement()
        .asString()
        .startsWith("/etc/fstab:2")
        .contains("/dev/sdb1 for /srv is taken for disk 2, partition 1")
        .contains("which is not certain")
        .contains("compare it with the VM");
  }

  @Test
  void aRowThatHangsOnAnUnknownOrderStaysWithAWarning() {
    Edited edited =
        onMachine(
            "/dev/sdb1 /srv ext4\n",
            seat(DiskSeat.Bus.SCSI, "x", 0),
            seat(DiskSeat.Bus.SATA, "", 0),
            seat(DiskSeat.Bus.SATA, "", 1));

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings())
        .singleElement()
        .asString()
        .startsWith("/etc/fstab:1")
        .contains("/dev/sdb1 for /srv stays")
        .contains("disks on SATA and SCSI (x)");
  }

  @Test
  void rowsOfFamiliesThatTheDescriptionTellsApartChange() {
    Edited edited =
        onMachine(
            "/dev/sda1 /srv ext4\n/dev/nvme0n1p1 /backup xfs\n",
            seat(DiskSeat.Bus.SCSI, "x", 0),
            seat(DiskSeat.Bus.NVME, "", 0),
            seat(DiskSeat.Bus.NVME, "", 1));

    assertThat(edited.text()).doesNotContain("/dev/");
    assertThat(edited.warnings()).isEmpty();
  }

  @Test
  void theRootsRowTellsWhatTheOtherNamesAreOnControllersOfTwoKinds() {
    DiskSeat[] seats = {
      seat(DiskSeat.Bus.SCSI, "x", 0),
      seat(DiskSeat.Bus.SATA, "", 0),
      seat(DiskSeat.Bus.SATA, "", 1)
    };
    GuestDisks disks =
        THREE_DISKS.withOrder(DiskOrder.described(List.of(seats))).withRoot(SampleGuests.ROOT);
    Edited edited =
        Fstab.stabilize(
            "/dev/sdb1 / ext4\n/dev/sdb5 none swap\n/dev/sda1 /srv xfs\n/dev/sdc /backup ext4\n",
            disks,
            STABILIZE_ALL);

    assertThat(edited.text())
        .isEqualTo(
            "UUID=%s / ext4\nUUID=%s none swap\nUUID=%s /srv xfs\nUUID=%s /backup ext4\n"
                .formatted(ROOT_UUID, SWAP_UUID, DATA_UUID, BOOT_UUID));
    assertThat(edited.warnings()).isEmpty();
  }

  @Test
  void theRootThatWasInspectedNeedsNoWarningOfTheOrder() {
    GuestDisks disks =
        THREE_DISKS
            .withOrder(
                DiskOrder.described(
                    List.of(
                        seat(DiskSeat.Bus.SCSI, "x", -1),
                        seat(DiskSeat.Bus.SCSI, "x", -1),
                        seat(DiskSeat.Bus.SCSI, "x", -1))))
            .withRoot(SampleGuests.ROOT);
    Edited edited = Fstab.stabilize("/dev/sdb1 / ext4\n", disks, STABILIZE_ALL);

    assertThat(edited.text()).startsWith("UUID=" + ROOT_UUID);
    assertThat(edited.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/disk/by-dname/sda-part1",
        "/dev/disk/azure/root-part1",
        "/dev/block/8:1",
        "/dev/disk/cloud/root-part1"
      })
  void aRootByALinkOfAnInstallerIsTheInspectedRoot(String device) {
    Edited edited =
        Fstab.stabilize(
            device + " / ext4 defaults 0 1\n", THREE_DISKS.withRoot(ROOT), STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo("UUID=" + ROOT_UUID + " / ext4 defaults 0 1\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/disk/azure/resource-part1",
        "/dev/disk/by-dname/sdb-part1",
        "/dev/oradata1",
        "/dev/storage1",
        "/dev/fast",
        "/dev/mapper/data01",
        "/dev/mapper/data01p1"
      })
  void aNameThatARuleOrAnAliasGaveIsAWarningAndFailsTheCheck(String device) {
    String text = device + " /data xfs defaults 0 0\n";

    Edited edited = Fstab.stabilize(text, THREE_DISKS.withRoot(ROOT), STABILIZE_ALL);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).singleElement().asString().contains(device, "/data");
    assertThat(Fstab.unresolved(text, THREE_DISKS)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/oradata1 /data xfs noauto",
        "/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto",
        "/dev/cdrom /mnt auto noauto",
        "/dev/fd0 /media/floppy0 auto noauto",
        "/dev/zram0 none swap defaults",
        "/dev/rbd0p1 /data xfs defaults",
        "/dev/bcache0 /data xfs defaults",
        "/dev/usbdisk /media/usb vfat noauto",
        "/dev/root / ext4 defaults",
        "/dev/loop0 /mnt ext4 defaults",
        "/dev/stratis/pool/fs /data xfs defaults"
      })
  void otherNodesAndWhatNeedNotBeThereAreNot(String row) {
    Edited edited = Fstab.stabilize(row + " 0 0\n", THREE_DISKS, STABILIZE_ALL);

    assertThat(edited.warnings()).isEmpty();
    assertThat(Fstab.unresolved(row + " 0 0\n", THREE_DISKS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/mapper/rootlun-part1",
        "/dev/mapper/rootlun1",
        "/dev/osdisk1",
        "/dev/rootdisk"
      })
  void aRootByAnAliasIsTheFileSystemThatTheTableLiesOn(String device) {
    Edited edited =
        Fstab.stabilize(
            device + " / ext4 defaults 0 1\n", THREE_DISKS.withRoot(ROOT), STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo("UUID=" + ROOT_UUID + " / ext4 defaults 0 1\n");
    assertThat(edited.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/dev/mapper/cryptroot", "/dev/mapper/crypt-root", "/dev/mapper/sda3_crypt"})
  void anOpenedRootKeepsTheNameThatOnlyTheGuestKnows(String device) {
    GuestPartition root =
        new GuestPartition(
            "/dev/mapper/luks-1", -1, 0, "r", "", "", "ext4", Set.of("/dev/mapper/luks-1"));
    GuestDisks disks = new GuestDisks(List.of(root), 1).withRoot(root);
    String text = device + " / ext4 defaults 0 1\n";

    Edited edited = Fstab.stabilize(text, disks, STABILIZE_ALL);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).isEmpty();
    assertThat(Fstab.unresolved(text, disks)).isEmpty();
  }
}
