package io.hyper2kvm.stage.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.Inspected;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file system that the guest mounts and the appliance does not. */
class UnmountableTest {

  private static final String ROOT = "/dev/sda1";
  private static final String OTHER = "/dev/sda2";
  private static final String ROOT_ROW = "UUID=1111-root / ext4 x 0 1\n";

  @TempDir Path directory;
  private Jobs jobs;
  private final FakeGuest guest = FakeGuest.debian();

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    jobs.inspect = true;
    guest.partition(OTHER, "xfs", "2222-other");
    guest.tags.get(OTHER).put("PART_ENTRY_NAME", "other");
  }

  private void unmountable() {
    guest.fileSystems.remove(OTHER);
  }

  private void row(String row) {
    guest.file(ROOT, "/etc/fstab", ROOT_ROW + row + "\n");
  }

  private VmJob inspect() throws IOException {
    return Inspected.job(jobs, guest);
  }

  private void assertRefused(String... words) {
    assertThatThrownBy(this::inspect)
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.GUEST_MOUNT_FAILED);
              assertThat(e.getMessage()).contains(words);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "UUID=2222-other, /boot, defaults",
    "/dev/sda2, /usr, ro",
    "/dev/disk/by-uuid/2222-other, /var, defaults",
    "PARTLABEL=other, /boot/efi, umask=0077",
    "UUID=\"2222-other\", /efi, x-systemd.automount",
    "UUID=2222-other, /var/lib/, defaults",
    "UUID=2222-other, //boot, noauto",
    "UUID=2222-other, /boot/grub2, nofail",
  })
  void aFixIsRefusedWithTheRowAndItsDevice(String device, String point, String options) {
    unmountable();
    jobs.wantFstabFix();
    row(device + " " + point + " xfs " + options + " 0 2");

    assertRefused(
        "line 2 of /etc/fstab mounts " + device + " at " + point,
        "(disk 1, partition 2 (xfs))",
        "could not be mounted for writing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/boot", "/usr", "/var"})
  void anInspectionAloneWarns(String point) throws IOException {
    unmountable();
    row("UUID=2222-other " + point + " xfs x 0 2");

    assertThat(inspect().warnings())
        .singleElement()
        .asString()
        .contains("line 2 of /etc/fstab", point, "could not be mounted");
  }

  @ParameterizedTest
  @CsvSource({
    "UUID=dead-beef, /boot, defaults, no device of this VM",
    "/dev/mapper/vg-var, /var, defaults, no device of this VM",
    "LABEL=USR, /usr, defaults, no device of this VM",
    "/dev/sda5, /var/lib, defaults, holds no file system",
    "bpool/BOOT/default, /boot, defaults, no device of this VM",
  })
  void aRowThatLeadsToNothingIsRefused(
      String device, String point, String options, String problem) {
    jobs.wantFstabFix();
    row(device + " " + point + " auto " + options + " 0 2");

    assertRefused("line 2 of /etc/fstab mounts " + device + " at " + point, problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UUID=dead-beef /var xfs nofail 0 2",
        "UUID=dead-beef /boot ext2 noauto,noatime 0 2",
        "/data/var /var none bind 0 0",
        "/data/usr.img /usr squashfs loop,ro 0 0",
        "nas:/export/usr /usr nfs ro 0 0",
        "//nas/var /var cifs guest 0 0",
        "UUID=dead-beef /var ext4 _netdev 0 0",
      })
  void whatIsElsewhereOrMayBeMissingIsAWarning(String row) throws IOException {
    jobs.wantFstabFix();
    row(row);

    assertThat(inspect().warnings())
        .singleElement()
        .asString()
        .startsWith("line 2 of /etc/fstab")
        .endsWith("nothing in it was looked at");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tmpfs /var tmpfs size=1g 0 0",
        "UUID=2222-other /data xfs defaults 0 2",
        "UUID=5555-swap none swap sw 0 0",
        "UUID=dead-beef /data xfs defaults 0 2",
      })
  void nothingIsSaidOfRowsThatHoldNothingOrThatTheFixJudges(String row) throws IOException {
    jobs.wantFstabFix();
    row(row);

    assertThat(inspect().warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "UUID=2222-other /data xfs defaults 0 2, line 2 of /etc/fstab mounts UUID=2222-other at /data",
    "/dev/sda2 /srv xfs nofail 0 2, line 2 of /etc/fstab mounts /dev/sda2 at /srv",
    "LABEL=none /home xfs defaults 0 2, 'disk 1, partition 2 (xfs)'",
  })
  void aDataDiskThatCannotBeMountedIsAWarningWithItsRow(String row, String words)
      throws IOException {
    unmountable();
    jobs.wantFstabFix();
    row(row);

    assertThat(inspect().warnings())
        .singleElement()
        .asString()
        .startsWith(words)
        .contains("disk 1, partition 2 (xfs)", "could not be mounted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/vg/data", "/dev/mapper/vg-data", "/dev/md0", "/dev/md/data"})
  void aDataVolumeThatIsNotThereIsAWarning(String device) throws IOException {
    jobs.wantFstabFix();
    row(device + " /data xfs defaults 0 2");

    assertThat(inspect().warnings())
        .singleElement()
        .asString()
        .startsWith("line 2 of /etc/fstab mounts " + device + " at /data")
        .contains("could not be traced to a volume of this VM");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/boot/efi", "/efi"})
  void anEfiSystemPartitionThatIsNotThereIsAWarning(String point) throws IOException {
    jobs.wantFstabFix();
    row("UUID=DE-AD " + point + " vfat umask=0077 0 1");

    assertThat(inspect().warnings())
        .singleElement()
        .asString()
        .startsWith("line 2 of /etc/fstab mounts UUID=DE-AD at " + point)
        .endsWith("is taken by its type instead");
  }

  @Test
  void anEncryptedVarIsAWarning() throws IOException {
    guest.partition("/dev/sda3", "crypto_LUKS", "3333");
    guest.fileSystems.remove("/dev/sda3");
    jobs.wantFstabFix();
    row("/dev/mapper/secret /var ext4 defaults 0 2");

    assertThat(inspect().warnings()).singleElement().asString().contains("may be an encrypted one");
  }

  @Test
  void aMountUnitIsReadLikeARow() {
    unmountable();
    jobs.wantFstabFix();
    row("");
    guest.file(
        ROOT,
        "/etc/systemd/system/boot.mount",
        "[Mount]\nWhat=/dev/disk/by-label/none\nWhat=/dev/disk/by-uuid/2222-other\nWhere=/boot\n");

    assertRefused(
        "line 3 of /etc/systemd/system/boot.mount mounts /dev/disk/by-uuid/2222-other at /boot");
  }

  @Test
  void aSubvolumeIsMountedAsOne() throws IOException {
    guest.tags.get(OTHER).put("TYPE", "btrfs");
    guest.subvolume(OTHER, 258, "@/var");
    row("UUID=2222-other /var btrfs compress=zstd,subvol=/@/var 0 0");
    inspect();

    assertThat(guest.commands)
        .anyMatch(
            words -> words.toString().equals("[-mount-options, ro,subvolid=258, /dev/sda2, /var]"));
  }

  @Test
  void anExtendedBootPartitionIsMountedAtAnEmptyBoot() throws IOException {
    guest.tags.get(OTHER).put("PART_ENTRY_TYPE", "bc13c2ff-59e6-4262-a352-b275fd6f7172");
    guest.file(OTHER, "/loader/entries/a.conf", "options root=/dev/sda1\n");
    guest.fileSystems.get(ROOT).keySet().removeIf(file -> file.startsWith("/boot/"));
    guest.emptyFolders.add("/boot");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().mounts())
        .containsEntry("/boot", OTHER);
  }

  @Test
  void theFirstOfTwoRowsOfOnePointCounts() throws IOException {
    guest.partition("/dev/sda3", "ext4", "3333");
    row("UUID=2222-other /var xfs x 0 2\nUUID=3333 /var ext4 x 0 2");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().mounts())
        .containsEntry("/var", OTHER);
  }
}
