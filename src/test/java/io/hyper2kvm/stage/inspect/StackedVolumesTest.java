package io.hyper2kvm.stage.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.Inspected;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arrays that lack members, and partitions that are found by their types. */
class StackedVolumesTest {

  private static final String ROOT = "/dev/sda1";
  private static final String ESP_TYPE = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
  private static final String BOOT_TYPE = "bc13c2ff-59e6-4262-a352-b275fd6f7172";
  private static final String USR_TYPE = "8484680c-9521-48c6-9c11-b0720656f69e";
  private static final String VAR_TYPE = "4d21b016-b534-45c2-a9fb-5c16e091fd2d";
  private static final String MACHINE = "0123456789abcdef0123456789abcdef";
  private static final String VAR_OF_MACHINE = "c0c46eff-e386-4746-a2bd-0962cd326ea2";

  @TempDir Path directory;
  private Jobs jobs;
  private final FakeGuest guest = FakeGuest.debian();

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

  private void member(String device, String array) {
    guest.partition(device, "linux_raid_member", FakeGuest.arrayId(array).replace(":", "-"));
    guest.fileSystems.remove(device);
  }

  @Test
  void anArrayWithAllMembersIsNoWarning() throws IOException {
    guest.array("/dev/md127", "h:0", "ext4", "7777-data");
    guest.arrayDetails.put(
        "/dev/md127", List.of("devices: 2", "device_dev_a_role: 0", "device_dev_b_role: 1"));
    member("/dev/sda6", "/dev/md127");

    assertThat(inspect().warnings()).isEmpty();
  }

  @Test
  void damageUnderTheKernelsNameIsToldOnlyOfWhatIsMounted() throws IOException {
    guest.array("/dev/md127", "h:0", "ext4", "7777-data");
    guest.dmesg = "[ 1.0] EXT4-fs error (device md127): ext4_lookup: deleted inode\n";

    assertThat(inspect().warnings()).noneMatch(warning -> warning.contains("damaged"));

    guest.kernelNames.put("/dev/disk/guestfs/guestdiska1", "/dev/dm-3");
    guest.dmesg = "[ 1.0] EXT4-fs error (device dm-3): ext4_lookup: deleted inode\n";

    assertThat(inspect().warnings())
        .anyMatch(it -> it.startsWith("disk 1, partition 1 (ext4) is damaged"));
  }

  @ParameterizedTest
  @CsvSource({"raid1, 2", "raid5, 3", "raid6, 4", "raid10, 4"})
  void anArrayThatLacksAMemberIsWarnedOf(String level, int devices) throws IOException {
    guest.array("/dev/md127", "h:0", "ext4", "7777-data");
    guest.arrayDetails.put(
        "/dev/md127",
        List.of("devices: " + devices, "device_dev_a_role: 0", "device_dev_b_role: spare"));

    assertThat(inspect().warnings())
        .containsExactly(
            "the array h:0 (raid1) has 1 of its "
                + devices
                + " members and was started without the others; if a disk of the VM is missing"
                + " here, name it in load.additional_disks, or else replace the member in the"
                + " guest");
  }

  @Test
  void anArrayThatDoesNotRunIsWarnedOf() throws IOException {
    member("/dev/sda6", "/dev/md9");
    member("/dev/sda7", "/dev/md9");

    assertThat(inspect().warnings())
        .containsExactly(
            "the array of disk 1, partition 6 (linux_raid_member) and disk 1, partition 7"
                + " (linux_raid_member) could not be started, so nothing on it was looked at: too"
                + " many members are missing or damaged; name all disks of the VM in"
                + " load.additional_disks");
  }

  @Test
  void anArrayOfTheOldestFormatHasItsNumberForAName() throws IOException {
    guest.array("/dev/md127", "", "ext4", "7777-boot").array("/dev/md126", "", "ext4", "8888-x");
    guest.arrayDetails.put("/dev/md127", List.of("metadata: 0.90", "devname: 3"));
    guest.file("/dev/md127", "/vmlinuz", "x").file(ROOT, "/etc/fstab", fstab("/dev/md3 /boot"));

    assertThat(facts(inspect()).mounts()).containsEntry("/boot", "/dev/md127");
  }

  @Test
  void aGroupThatLacksAPhysicalVolumeIsWarnedOf() throws IOException {
    guest.logicalVolume("/dev/vgp/data", "ext4", "7777-data");
    guest.logicalVolume("/dev/whole/data", "ext4", "8888-data");
    guest.partialGroups.add("vgp");

    assertThat(inspect().warnings())
        .containsExactly(
            "the volume group vgp lacks a physical volume, so not all of its volumes are there;"
                + " name all disks of the VM in load.additional_disks");
  }

  @ParameterizedTest
  @CsvSource({"zfs_member", "bcachefs", "reiser4", "apfs", "VMFS"})
  void aSystemOnAFileSystemThatIsNotReadIsTold(String type) throws IOException {
    guest.fileSystems.clear();
    guest.tags.get(ROOT).put("TYPE", type);

    assertThat(inspect().warnings())
        .containsExactly(
            "disk 1, partition 1 (%s): a file system of this kind is not read, and the system may lie on it"
                .formatted(type));
  }

  @ParameterizedTest
  @CsvSource({"md126, /dev/md126", "md0, /dev/md0"})
  void anArrayThatTheApplianceLeavesStoppedIsStarted(String name, String device)
      throws IOException {
    guest.stoppedArrays.add(name);
    guest.array(device, "h:0", "ext4", "7777-boot").file(device, "/vmlinuz", "x");
    guest.file(ROOT, "/etc/fstab", fstab("UUID=7777-boot /boot"));

    VmJob job = inspect();

    assertThat(guest.commands).contains(List.of("-debug", "sh", "mdadm --run " + device + " 2>&1"));
    assertThat(facts(job).mounts()).containsEntry("/boot", device);
  }

  /** As a degraded RAID 5 that was being written: the kernel does not guess what is right. */
  @Test
  void anArrayThatMdadmCannotStartIsNotSaidToRun() throws IOException {
    guest.array("/dev/md126", "h:0", "ext4", "7777-data");
    guest.stoppedArrays.add("md126");
    guest.unstartableArrays.add("md126");
    member("/dev/sda7", "/dev/md126");

    VmJob job = inspect();

    assertThat(job.warnings())
        .singleElement()
        .asString()
        .startsWith("the array of disk 1, partition 7 (linux_raid_member) could not be started")
        .contains("mdadm: failed to start array md126: Input/output error");
    assertThat(facts(job).disks().partitions())
        .extracting(GuestPartition::device)
        .doesNotContain("/dev/md126");
  }

  private static String fstab(String... rows) {
    StringBuilder text = new StringBuilder("UUID=1111-root / ext4 defaults 0 1\n");
    for (String row : rows) {
      text.append(row).append(" ext4 defaults 0 2\n");
    }
    return text.toString();
  }

  /** A guest that systemd starts from this disk, with empty folders for further file systems. */
  private void discoverable(String device, String type, String partUuid) {
    guest.partition("/dev/sda9", "vfat", "C0FF-EE11");
    guest.tags.get("/dev/sda9").put("PART_ENTRY_TYPE", ESP_TYPE);
    guest.partition(device, "ext4", "9999-x").file(device, "/found", "x");
    guest.tags.get(device).put("PART_ENTRY_TYPE", type);
    guest.tags.get(device).put("PART_ENTRY_UUID", partUuid);
    for (String folder : List.of("/boot/", "/usr/", "/var/")) {
      guest.fileSystems.get(ROOT).keySet().removeIf(path -> path.startsWith(folder));
    }
    guest
        .file(ROOT, "/etc/fstab", fstab())
        .file(ROOT, "/etc/systemd/system.conf", "x")
        .file(ROOT, "/etc/machine-id", MACHINE + "\n");
    guest.emptyFolders.addAll(List.of("/boot", "/usr", "/var"));
  }

  @ParameterizedTest
  @CsvSource({
    BOOT_TYPE + ", any, /boot",
    USR_TYPE + ", any, /usr",
    VAR_TYPE + "," + VAR_OF_MACHINE + ", /var"
  })
  void aPartitionIsFoundByItsType(String type, String partUuid, String point) throws IOException {
    discoverable("/dev/sda7", type, partUuid);

    assertThat(facts(inspect()).mounts()).containsEntry(point, "/dev/sda7");
  }

  @ParameterizedTest
  @CsvSource({
    BOOT_TYPE + ", any, /boot",
    USR_TYPE + ", any, /usr",
    VAR_TYPE + "," + VAR_OF_MACHINE + ", /var"
  })
  void aHiddenPartitionIsNot(String type, String partUuid, String point) throws IOException {
    discoverable("/dev/sda7", type, partUuid);
    guest.tags.get("/dev/sda7").put("PART_ENTRY_FLAGS", "0x8000000000000000");

    assertThat(facts(inspect()).mounts()).doesNotContainValue("/dev/sda7");
  }

  @Test
  void theVarOfAnotherMachineIsNotMounted() throws IOException {
    discoverable("/dev/sda7", VAR_TYPE, "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");

    assertThat(facts(inspect()).mounts()).doesNotContainKey("/var");
  }

  @Test
  void withoutAnEfiSystemPartitionUsrIsNotFoundByItsType() throws IOException {
    discoverable("/dev/sda7", USR_TYPE, "any");
    guest.tags.get("/dev/sda9").remove("PART_ENTRY_TYPE");

    assertThat(facts(inspect()).mounts()).doesNotContainKey("/usr");
  }

  @Test
  void withoutSystemdUsrIsNotFoundByItsType() throws IOException {
    discoverable("/dev/sda7", USR_TYPE, "any");
    guest.fileSystems.get(ROOT).remove("/etc/systemd/system.conf");

    assertThat(facts(inspect()).mounts()).doesNotContainKey("/usr");
  }

  @Test
  void aRowTakesThePlaceOfTheType() throws IOException {
    discoverable("/dev/sda7", USR_TYPE, "any");
    guest.partition("/dev/sda8", "ext4", "8888-usr").file("/dev/sda8", "/bin/x", "x");
    guest.file(ROOT, "/etc/fstab", fstab("UUID=8888-usr /usr"));

    assertThat(facts(inspect()).mounts()).containsEntry("/usr", "/dev/sda8");
  }
}
