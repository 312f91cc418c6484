package io.hyper2kvm.stage.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guests.RefusedGuest;
import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.Inspected;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests whose root is a subvolume of a btrfs. */
class BtrfsInspectionTest {

  private static final String BTRFS = "/dev/sda2";
  private static final String UUID = "2222-btrfs";

  @TempDir Path directory;
  private Jobs jobs;
  private final FakeGuest guest = new FakeGuest().partition(BTRFS, "btrfs", UUID);

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    jobs.inspect = true;
  }

  private VmJob inspect() throws IOException {
    return Inspected.job(jobs, guest);
  }

  private static GuestFacts facts(VmJob job) {
    return job.results().get(InspectResult.class).guest();
  }

  /** A small system below a path of the btrfs. */
  private void system(String top, String id, String fstab) {
    guest
        .file(BTRFS, top + "/etc/os-release", "ID=" + id + "\nPRETTY_NAME=\"" + id + "\"\n")
        .file(BTRFS, top + "/etc/fstab", fstab)
        .file(BTRFS, top + "/bin/sh", FakeGuest.elf(62))
        .file(BTRFS, top + "/lib/systemd/systemd", "x");
  }

  private static String row(String point, String options) {
    return "UUID=" + UUID + " " + point + " btrfs " + options + " 0 0\n";
  }

  @Test
  void debiansRootIsASubvolumeAndItsRowsAreMountedAsTheySay() throws IOException {
    guest.subvolume(BTRFS, 256, "@rootfs").subvolume(BTRFS, 257, "@home");
    guest.subvolume(BTRFS, 258, "data/@var");
    system(
        "/@rootfs",
        "debian",
        row("/", "noatime,subvol=@rootfs")
            + row("/home", "subvolid=257,subvol=/@home")
            + row("/var", "subvol=data/@var"));
    guest.file(BTRFS, "/data/@var/lib/x", "x").file(BTRFS, "/@rootfs/etc/hostname", "here\n");

    VmJob job = inspect();

    assertThat(facts(job).distribution()).isEqualTo("debian");
    assertThat(facts(job).hostname()).isEqualTo("here");
    assertThat(facts(job).subvolumes().pathByPoint())
        .isEqualTo(Map.of("/", "@rootfs", "/home", "@home", "/var", "data/@var"));
    assertThat(job.warnings()).isEmpty();
  }

  @Test
  void fedorasEntriesOnTheBootPartitionNameTheRoot() throws IOException {
    guest
        .partition("/dev/sda1", "ext4", "1111-boot")
        .file(
            "/dev/sda1",
            "/loader/entries/0123-6.9.conf",
            "linux /vmlinuz-6.9\noptions root=UUID=" + UUID + " ro rootflags=subvol=root\n")
        .subvolume(BTRFS, 256, "home")
        .subvolume(BTRFS, 257, "root")
        .subvolume(BTRFS, 258, "root.old");
    for (String top : List.of("/root", "/root.old")) {
      system(top, "fedora", "UUID=1111-boot /boot ext4 defaults 1 2\n");
    }

    VmJob job = inspect();

    assertThat(facts(job).subvolumes().pathByPoint()).isEqualTo(Map.of("/", "root"));
    assertThat(facts(job).mounts()).containsEntry("/boot", "/dev/sda1");
    assertThat(job.warnings()).isEmpty();
  }

  @Test
  void openSusesDefaultSubvolumeIsTheRootAndItsSnapshotsAreNoSystems() throws IOException {
    guest
        .subvolume(BTRFS, 256, "@")
        .subvolume(BTRFS, 257, "@/var")
        .subvolume(BTRFS, 258, "@/.snapshots")
        .subvolume(BTRFS, 259, "@/.snapshots/1/snapshot")
        .subvolume(BTRFS, 260, "@/.snapshots/2/snapshot")
        .defaultSubvolume(BTRFS, 260);
    String table = row("/", "defaults") + row("/var", "subvol=/@/var");
    system("/@/.snapshots/1/snapshot", "old", table);
    system("/@/.snapshots/2/snapshot", "opensuse-leap", table);

    VmJob job = inspect();

    assertThat(facts(job).distribution()).isEqualTo("opensuse-leap");
    assertThat(facts(job).subvolumes().pathByPoint())
        .isEqualTo(Map.of("/", "@/.snapshots/2/snapshot", "/var", "@/var"));
    assertThat(job.warnings()).isEmpty();
  }

  @Test
  @RefusedGuest(
      distribution = "openSUSE MicroOS",
      storage = "btrfs, the root is a read-only snapshot",
      reason = "`GUEST_UNSUPPORTED` when a fix is asked for")
  void aReadOnlyRootIsRefusedWhereItIsToBeFixed() {
    guest.subvolume(BTRFS, 256, "@/.snapshots/1/snapshot").defaultSubvolume(BTRFS, 256);
    guest.readOnlySubvolumes.add("@/.snapshots/1/snapshot");
    system("/@/.snapshots/1/snapshot", "opensuse-microos", row("/", "ro"));
    jobs.wantFstabFix();

    assertThatThrownBy(this::inspect)
        .hasMessageContaining("subvolume @/.snapshots/1/snapshot) is a read-only subvolume")
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.GUEST_UNSUPPORTED));
  }

  @Test
  void aReadOnlyRootIsInspected() throws IOException {
    guest.subvolume(BTRFS, 256, "@/.snapshots/1/snapshot").defaultSubvolume(BTRFS, 256);
    guest.readOnlySubvolumes.add("@/.snapshots/1/snapshot");
    system("/@/.snapshots/1/snapshot", "opensuse-microos", row("/", "ro"));

    assertThat(facts(inspect()).distribution()).isEqualTo("opensuse-microos");
  }

  /** The kernel names any of a file system's devices. */
  @Test
  void damageOnTheSecondDeviceIsTheGuests() throws IOException {
    guest.partition("/dev/sda3", "btrfs", UUID);
    guest.subvolume(BTRFS, 256, "@");
    system("/@", "debian", row("/", "subvol=@"));
    guest.kernelNames.put("/dev/disk/guestfs/guestdiska3", "/dev/sdc3");
    guest.dmesg = "[ 1.0] BTRFS error (device sdc3): parent transid verify failed on logical 22\n";

    assertThat(inspect().warnings())
        .anyMatch(warning -> warning.contains("is damaged; the appliance's kernel says: BTRFS"));
  }

  @Test
  void bothDevicesOfOneFileSystemAreOneRoot() throws IOException {
    guest.partition("/dev/sda3", "btrfs", UUID);
    guest.subvolume(BTRFS, 256, "@");
    system("/@", "ubuntu", row("/", "subvol=@"));

    VmJob job = inspect();

    assertThat(facts(job).distribution()).isEqualTo("ubuntu");
    assertThat(job.warnings()).isEmpty();
  }

  @Test
  @RefusedGuest(
      storage = "btrfs, a row of fstab names a subvolume that is gone",
      reason = "`GUEST_MOUNT_FAILED` when a fix is asked for")
  void aRowOfASubvolumeThatIsGoneRefusesAGuestThatNeedsIt() {
    guest.subvolume(BTRFS, 256, "@").subvolume(BTRFS, 300, "@var");
    system("/@", "ubuntu", row("/", "subvol=@") + row("/var", "subvolid=257,subvol=/@var"));
    jobs.wantFstabFix();

    assertThatThrownBy(this::inspect)
        .hasMessageContaining(
            "line 2 of /etc/fstab mounts UUID=2222-btrfs at /var, which is disk 1, partition 2"
                + " (btrfs), and its subvolume @var has another number than 257")
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.GUEST_MOUNT_FAILED));
  }

  @Test
  void aRowOfDataThatIsGoneIsWarnedOf() throws IOException {
    guest.subvolume(BTRFS, 256, "@");
    system("/@", "ubuntu", row("/", "subvol=@") + row("/home", "subvol=@home"));

    assertThat(inspect().warnings())
        .containsExactly(
            "line 2 of /etc/fstab mounts UUID=2222-btrfs at /home, which is disk 1, partition 2"
                + " (btrfs), and it has no subvolume @home: the guest does not mount it; correct"
                + " the row in the guest");
  }

  @Test
  void aSubvolumeMayHaveAnyName() throws IOException {
    guest.subvolume(BTRFS, 256, "@").subvolume(BTRFS, 257, "@données du jour");
    String table = row("/", "subvol=@") + row("/home", "subvol=@données\\040du\\040jour");
    system(
        "/@",
        "ubuntu",
        new String(table.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));

    VmJob job = inspect();

    assertThat(facts(job).subvolumes().pathByPoint())
        .isEqualTo(Map.of("/", "@", "/home", "@données du jour"));
    assertThat(job.warnings()).isEmpty();
  }

  @Test
  void twoSystemsOnOneFileSystemAreTold() throws IOException {
    guest.subvolume(BTRFS, 256, "@a").subvolume(BTRFS, 257, "@b");
    system("/@a", "debian", row("/", "subvol=@a"));
    system("/@b", "arch", row("/", "subvol=@b"));

    assertThat(inspect().warnings())
        .containsExactly("2 root file systems were found; /dev/sda2 (subvolume @a) was taken");
  }
}
