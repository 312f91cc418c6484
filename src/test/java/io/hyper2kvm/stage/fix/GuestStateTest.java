package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.state.Superblock;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.Inspected;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The state of a guest's file systems, before and after its fixes. */
class GuestStateTest extends FixedGuest {

  @BeforeEach
  void clean() {
    jobs.fix = spec(FstabMode.STABILIZE_ALL, null, null, null);
    guest.blocks.put(ROOT, Superblock.extDevice(1, 4, 0, 0));
  }

  private void inspectOnly() throws IOException {
    Optional<FstabMode> none = Optional.empty();
    jobs.fix =
        new FixSpec(none, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    jobs.inspect = true;
    job = Inspected.job(jobs, guest);
  }

  private Map<?, ?> rootBefore() {
    List<?> rows =
        (List<?>) JobOutcome.of(job).stages().get(StageName.INSPECT).details().get("file_systems");
    return (Map<?, ?>) rows.get(0);
  }

  private String after() {
    return JobOutcome.of(job).stages().get(StageName.FIX).details().get("file_systems").toString();
  }

  private void swapIs(String type) {
    guest.tags.get("/dev/sda5").put("TYPE", type);
  }

  @Test
  void aCleanGuestIsCleanAfterwards() throws IOException {
    fix();

    assertThat(rootBefore().get("state")).isEqualTo("clean");
    assertThat(after()).isEqualTo("[{device=/dev/sda1, state=clean}]");
    assertThat(guest.commands).noneMatch(words -> words.get(0).equals("-fsck"));
  }

  @Test
  void aJournalThatIsReplayedIsSaid() throws IOException {
    guest.blocks.put(ROOT, Superblock.extDevice(1, 4, 4, 0));
    guest.onMount = () -> guest.blocks.put(ROOT, Superblock.extDevice(1, 4, 0, 0));
    fix();

    assertThat(rootBefore().get("state")).isEqualTo("journal");
    assertThat(after()).contains("state=clean");
    assertThat(JobOutcome.of(job).warnings()).noneMatch(w -> w.contains("fsck"));
  }

  @Test
  void aLogThatTheKernelReplayedIsSaid() throws IOException {
    guest.tags.get(ROOT).put("TYPE", "xfs");
    guest.blocks.clear();
    guest.dmesg = "[ 9.1] XFS (sda1): Ending recovery (logdev: internal)\n";
    fix();

    assertThat(rootBefore().get("state")).isEqualTo("journal");
  }

  @Test
  void aHibernatedGuestIsNotFixed() {
    swapIs("swsuspend");

    assertFails(
        FailureCode.GUEST_HIBERNATED,
        "the guest is hibernated: the swap area disk 1, partition 5 (swsuspend) holds its memory");
  }

  @Test
  void aHibernatedGuestThatIsOnlyConvertedIsWarnedOf() throws IOException {
    swapIs("swsuspend");
    inspectOnly();

    assertThat(JobOutcome.of(job).warnings()).anyMatch(w -> w.contains("hibernated"));
  }

  @ParameterizedTest
  @CsvSource({"4096, S1SUSPEND", "65536, ULSUSPEND", "8192, LINHIB0001", "16384, S2SUSPEND"})
  void aMemoryInASwapFileIsFound(int page, String signature) {
    byte[] file = new byte[page];
    System.arraycopy(signature.getBytes(), 0, file, page - 10, signature.length());
    guest.file(ROOT, "/swapfile", file);

    assertFails(FailureCode.GUEST_HIBERNATED, "the swap file /swapfile");
  }

  @Test
  void aMemoryAtAResumeOffsetIsFound() {
    guest.file(
        ROOT,
        "/boot/grub/grub.cfg",
        "menuentry 'D' {\n"
            + "\tlinux /boot/vmlinuz-6.1.0 root=/dev/sda1 resume=/dev/sda1 resume_offset=3\n"
            + "}\n");
    byte[] device = Arrays.copyOf(Superblock.extDevice(1, 4, 0, 0), 4 * 4096);
    System.arraycopy("S1SUSPEND".getBytes(), 0, device, 4 * 4096 - 10, 9);
    guest.blocks.put(ROOT, device);

    assertFails(FailureCode.GUEST_HIBERNATED, "resume_offset=3 of disk 1, partition 1");
  }

  @Test
  void aSwapFileInUseIsNoHibernation() throws IOException {
    byte[] file = new byte[8192];
    System.arraycopy("SWAPSPACE2".getBytes(), 0, file, 4086, 10);
    guest.file(ROOT, "/swapfile", file);

    fix();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hibr", "HIBR"})
  void aHibernatedWindowsBesidesIsWarnedOf(String beginning) throws IOException {
    guest.partition("/dev/sda2", "ntfs", "99").file("/dev/sda2", "/hiberfil.sys", beginning);
    fix();

    assertThat(JobOutcome.of(job).warnings()).anyMatch(w -> w.contains("fast startup"));
  }

  @ParameterizedTest
  @CsvSource({"0, found nothing to correct", "1, corrected errors in the output"})
  void aFileSystemWithErrorsThatFsckMakesWholeIsFixed(int exit, String words) throws IOException {
    guest.blocks.put(ROOT, Superblock.extDevice(3, 4, 0, 5));
    guest.fsck.put(ROOT, exit);
    guest.onFsck = () -> guest.blocks.put(ROOT, Superblock.extDevice(1, 4, 0, 0));
    fix();

    assertThat(rootBefore().get("state")).isEqualTo("errors");
    assertThat(rootBefore().get("fsck_exit_code")).isEqualTo(exit);
    assertThat(after()).contains("fsck_exit_code=" + exit);
    assertThat(JobOutcome.of(job).warnings()).anyMatch(w -> w.contains(words));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 12, 16, 32})
  void aFileSystemThatFsckCannotRepairIsRefused(int exit) {
    guest.blocks.put(ROOT, Superblock.extDevice(3, 4, 0, 5));
    guest.fsck.put(ROOT, exit);

    assertFails(
        FailureCode.GUEST_FILE_SYSTEM_DAMAGED,
        "disk 1, partition 1 (ext4) is damaged, and fsck -a cannot repair it (exit code " + exit);
  }

  @Test
  void aFileSystemThatIsSuspectAfterFsckIsRefused() {
    guest.blocks.put(ROOT, Superblock.extDevice(0, 0, 0, 0));

    assertFails(FailureCode.GUEST_FILE_SYSTEM_DAMAGED, "has no journal");
  }

  @Test
  void aFileSystemWithErrorsThatIsOnlyConvertedIsWarnedOf() throws IOException {
    guest.blocks.put(ROOT, Superblock.extDevice(3, 4, 0, 5));
    inspectOnly();

    assertThat(JobOutcome.of(job).warnings()).anyMatch(w -> w.contains("counted 5 errors"));
    assertThat(guest.commands).noneMatch(words -> words.get(0).equals("-fsck"));
  }

  @Test
  void aHugeFileSystemIsNotChecked() throws IOException {
    byte[] device = Superblock.extDevice(3, 4, 0, 5);
    Superblock.put(device, 1024, 50_000_000, 4);
    guest.blocks.put(ROOT, device);
    fix();

    assertThat(JobOutcome.of(job).warnings())
        .anyMatch(w -> w.contains("has 50000000 files") && w.contains("run fsck in the guest"));
  }

  @Test
  void damageThatTheKernelFindsBeforeTheFixesIsRefused() {
    guest.dmesg = "[ 1.0] EXT4-fs error (device sda1): ext4_lookup: deleted inode\n";

    assertFails(FailureCode.GUEST_FILE_SYSTEM_DAMAGED, "EXT4-fs error (device sda1)");
  }

  /** The appliance's kernel found the disks in another order. */
  @Test
  void damageUnderAnotherNameOfTheKernelIsRefused() {
    guest.kernelNames.put("/dev/disk/guestfs/guestdiska1", "/dev/sdb1");
    guest.dmesg = "[ 1.0] XFS (sdb1): Metadata corruption detected at xfs_agf_read_verify\n";

    assertFails(
        FailureCode.GUEST_FILE_SYSTEM_DAMAGED,
        "disk 1, partition 1 (ext4) is damaged; the appliance's kernel says: XFS (sdb1)");
  }

  @Test
  void aLogThatIsReplayedUnderAnotherNameOfTheKernelIsSaid() throws IOException {
    guest.tags.get(ROOT).put("TYPE", "xfs");
    guest.blocks.clear();
    guest.kernelNames.put("/dev/disk/guestfs/guestdiska1", "/dev/sdb1");
    guest.dmesg = "[ 9.1] XFS (sdb1): Ending recovery (logdev: internal)\n";
    fix();

    assertThat(rootBefore().get("state")).isEqualTo("journal");
  }

  @Test
  void damageOfADeviceThatIsNotKnownIsRefused() {
    guest.dmesg = "[ 1.0] XFS (dm-7): Metadata CRC error detected at xfs_agi_read_verify\n";

    assertFails(FailureCode.GUEST_FILE_SYSTEM_DAMAGED, "a file system of the guest is damaged");
  }

  @Test
  void damageOfWhatIsNotMountedIsNotTheGuests() throws IOException {
    guest.dmesg = "[ 1.0] EXT4-fs error (device sda5): ext4_lookup: deleted inode\n";
    fix();

    assertThat(after()).contains("state=clean");
  }

  @Test
  void aFileSystemThatIsNotCleanAfterTheFixesFailsTheVm() {
    guest.onUnmount = () -> guest.blocks.put(ROOT, Superblock.extDevice(3, 4, 0, 1));
    guest.blocks.put(ROOT, Superblock.extDevice(1, 4, 0, 0));

    assertFails(FailureCode.GUEST_FILE_SYSTEM_DAMAGED, "after the fixes");
  }

  @Test
  void aFileSystemThatIsMountedForReadingOnlyIsRefused() {
    guest.statvfs.put("/", List.of("frsize: 4096", "bfree: 1000000", "flag: 4097"));

    assertFails(FailureCode.GUEST_READ_ONLY, "the guest's / is on a file system");
  }

  @Test
  void fullMetadataOfBtrfsIsNoSpace() {
    guest.tags.get(ROOT).put("TYPE", "btrfs");
    guest.blocks.clear();
    guest.statvfs.put("/", List.of("frsize: 4096", "bfree: 1000000", "bavail: 0", "files: 0"));

    assertFails(FailureCode.GUEST_NO_SPACE, "has 0.0 MiB free");
  }

  @ParameterizedTest
  @CsvSource({
    "No space left on device, GUEST_NO_SPACE",
    "Disk quota exceeded, GUEST_NO_SPACE",
    "Read-only file system, GUEST_READ_ONLY",
    "Operation not permitted, GUEST_READ_ONLY",
    "Input/output error, APPLIANCE_FAILED"
  })
  void whyAFileCouldNotBeWrittenIsReadFromTheLog(String said, FailureCode code) {
    String log =
        "libguestfs: error: mount: No space left on device\nlibguestfs: error: upload: /etc/fstab: "
            + said;

    assertThat(WriteFailure.of("/etc/fstab", log).code()).isEqualTo(code);
  }
}
