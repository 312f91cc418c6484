package io.hyper2kvm.stage.inspect.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.Inspected;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.InspectResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EfiMountTest {

  private static final String ROOT = "/dev/sda1";
  private static final String ESP = "/dev/sda15";
  private static final String TYPE = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";

  @TempDir Path directory;
  private Jobs jobs;
  private final FakeGuest guest = FakeGuest.debian();

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    jobs.inspect = true;
    esp(ESP, "AB-CD", TYPE);
  }

  private void esp(String device, String uuid, String type) {
    guest.partition(device, "vfat", uuid).file(device, "/EFI/BOOT/BOOTX64.EFI", "MZ");
    guest.tags.get(device).put("PART_ENTRY_TYPE", type);
  }

  private void secondDisk() throws IOException {
    Path data = Files.write(jobs.folder("in").resolve("data.img"), new byte[1 << 20]);
    jobs.additional = List.of(data);
    guest.disks.add("/dev/sdb");
  }

  private VmJob inspect() throws IOException {
    return Inspected.job(jobs, guest);
  }

  private GuestFacts facts() throws IOException {
    return InspectResult.find(inspect()).orElseThrow().guest();
  }

  @ParameterizedTest
  @CsvSource({
    "/boot/efi/x, /boot/efi",
    "/efi/x, /efi",
    "/mnt/x, /mnt",
  })
  void withoutARowItIsMountedWhereTheGuestHasAFolder(String file, String point) throws IOException {
    guest.file(ROOT, file, "");

    assertThat(facts().mounts()).containsEntry(point, ESP);
  }

  @Test
  void anMbrsTypeIsAsGood() throws IOException {
    guest.tags.get(ESP).put("PART_ENTRY_TYPE", "0xef");
    guest.file(ROOT, "/efi/x", "");

    assertThat(facts().mounts()).containsEntry("/efi", ESP);
  }

  @ParameterizedTest
  @CsvSource({"/boot/efi", "/efi", "/boot"})
  void aRowOfFstabDecidesWhereItIs(String point) throws IOException {
    guest.file(ROOT, "/efi/x", "").file(ROOT, "/boot/efi/x", "");
    guest.file(
        ROOT, "/etc/fstab", "UUID=1111-root / ext4 x 0 1\nUUID=AB-CD " + point + " vfat x 0 2\n");

    assertThat(facts().mounts()).containsEntry(point, ESP).hasSize(2);
  }

  @Test
  void ofTwoTheOneThatARowNamesIsTakenAndItsDiskIsBooted() throws IOException {
    secondDisk();
    esp("/dev/sdb1", "EF-01", TYPE);
    guest.file(
        ROOT, "/etc/fstab", "UUID=1111-root / ext4 x 0 1\nUUID=EF-01 /boot/efi vfat x 0 2\n");
    GuestFacts facts = facts();

    assertThat(facts.mounts()).containsEntry("/boot/efi", "/dev/sdb1").doesNotContainValue(ESP);
    assertThat(facts.bootDisk()).isEqualTo(1);
  }

  @Test
  void ofTwoWithTheSameIdentifierTheOneBesideBootIsTaken() throws IOException {
    secondDisk();
    esp("/dev/sdb1", "AB-CD", TYPE);
    guest.file(ROOT, "/boot/efi/x", "");
    guest.file(
        ROOT, "/etc/fstab", "UUID=1111-root / ext4 x 0 1\nUUID=AB-CD /boot/efi vfat x 0 2\n");
    VmJob job = inspect();
    GuestFacts facts = InspectResult.find(job).orElseThrow().guest();

    assertThat(facts.mounts()).containsEntry("/boot/efi", ESP);
    assertThat(facts.bootDisk()).isZero();
    assertThat(job.warnings())
        .anyMatch(it -> it.startsWith("disk 2, partition 1 (vfat) is another EFI system partition"))
        .anyMatch(it -> it.contains("line 2 of /etc/fstab mounts UUID=AB-CD at /boot/efi"));
  }

  @Test
  void onAnArrayItIsMountedFromTheArray() throws IOException {
    guest.tags.get(ESP).put("TYPE", "linux_raid_member");
    guest.fileSystems.remove(ESP);
    guest.array("/dev/md127", "web:esp", "vfat", "AB-CD");
    guest.file(ROOT, "/boot/efi/x", "");

    assertThat(facts().mounts()).containsEntry("/boot/efi", "/dev/md127");
  }

  @Test
  void onePartitionThatCannotBeMountedIsAWarning() throws IOException {
    guest.file(ROOT, "/efi/x", "");
    guest.fileSystems.remove(ESP);

    assertThat(inspect().warnings())
        .singleElement()
        .asString()
        .startsWith("disk 1, partition 15 (vfat), which could not be mounted");
  }

  @Test
  void usrAndVarAreBothMounted() throws IOException {
    guest.partition("/dev/sda2", "ext4", "22").partition("/dev/sda3", "ext4", "33");
    guest.file(
        ROOT,
        "/etc/fstab",
        "UUID=1111-root / ext4 x 0 1\nUUID=22 /usr ext4 x 0 2\nUUID=33 /var ext4 x 0 2\n");

    assertThat(facts().mounts())
        .containsEntry("/usr", "/dev/sda2")
        .containsEntry("/var", "/dev/sda3");
  }
}
