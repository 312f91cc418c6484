package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guests.RefusedGuest;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.manifest.model.InitramfsFix;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageStatus;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FixingTest extends FixedGuest {

  private static final String GRUB = "/boot/grub/grub.cfg";

  @BeforeEach
  void stabilizeAll() {
    jobs.fix = spec(FstabMode.STABILIZE_ALL, null, null, null);
  }

  @Test
  @RefusedGuest(
      distribution = "what is not recognized",
      reason = "`GUEST_UNSUPPORTED` when a fix is asked for")
  void anUnknownGuestIsNeverGuessed() {
    guest.partitions.clear();
    guest.fileSystems.clear();

    assertFails(FailureCode.GUEST_UNSUPPORTED, "the guest is unknown");
  }

  @Test
  void aRootRowThatNamesNothingFailsWithItsEvidence() {
    guest.file(ROOT, "/etc/fstab", "/dev/sdq7 / ext4 x 0 1\n");

    assertThatThrownBy(this::fix)
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.FIX_FSTAB_FAILED);
              assertThat(e.details().toString()).contains("fix=fstab", "status=failed");
            });
    assertThat(guest.text(ROOT, "/etc/fstab")).isEqualTo("/dev/sdq7 / ext4 x 0 1\n");
  }

  @Test
  void aKernelWithoutDriversAndWithoutInitramfsFails() {
    jobs.fix = spec(null, null, new InitramfsFix(true), null);
    guest.file(ROOT, "/lib/modules/6.1.0/modules.builtin", "kernel/fs/ext4/ext4.ko\n");

    assertFails(FailureCode.FIX_INITRAMFS_FAILED, "has no initramfs and no built-in");
  }

  @Test
  void aGuestWithoutAKernelFails() {
    jobs.fix = spec(null, null, new InitramfsFix(true), null);
    guest.fileSystems.get(ROOT).remove("/boot/vmlinuz-6.1.0");

    assertFails(FailureCode.FIX_INITRAMFS_FAILED, "no kernel");
  }

  @Test
  void withoutRegenerationAMissingDriverIsAWarning() throws IOException {
    jobs.fix = spec(null, null, new InitramfsFix(false), null);
    guest.file(ROOT, "/lib/modules/6.1.0/modules.builtin", "kernel/fs/ext4/ext4.ko\n");
    fix();

    assertThat(JobOutcome.of(job).warnings()).anyMatch(w -> w.contains("no initramfs"));
  }

  @Test
  void rowsBecomeUuidsAndNothingElseChanges() throws IOException {
    fix();

    assertThat(guest.text(ROOT, "/etc/fstab"))
        .isEqualTo(
            "# by hand\n"
                + "UUID=1111-root / ext4 errors=remount-ro 0 1\n"
                + "UUID=5555-swap none swap sw 0 0\n");
    assertThat(applied()).hasSize(1);
    assertThat(applied().get(0).toString())
        .contains("fix=fstab", "status=applied", "/dev/sda1", "UUID=1111-root");
    assertThat(guest.text(ROOT, "/etc/default/grub")).contains("root=/dev/sda1");
  }

  @Test
  void theGuestIsCheckedAndTrimmedAtTheEnd() throws IOException {
    fix();

    assertThat(guest.commands).contains(List.of("-fstrim", "/"));
    assertThat(guest.mounts).isEmpty();
    assertThat(FixResult.checksOf(job))
        .extracting(Check::name, Check::status)
        .contains(Tuple.tuple("guest_fstab", Check.Status.PASSED));
  }

  private void withGrub() {
    jobs.fix = spec(FstabMode.STABILIZE_ALL, new GrubFix(false), null, null);
    guest.file(ROOT, "/boot/initrd.img-6.1.0", "initramfs");
    guest.file(
        ROOT,
        GRUB,
        """
        menuentry 'Debian' {
        	linux /boot/vmlinuz-6.1.0 root=/dev/sda1 ro quiet
        	initrd /boot/initrd.img-6.1.0
        }
        """);
  }

  @Test
  void grubIsCorrectedInPlaceWhenTheGuestsToolCannotRunAndAPersonIsTold() throws IOException {
    withGrub();
    guest.shAnswer = "grub-mkconfig: not found\nexit 127\n";
    fix();

    assertThat(guest.text(ROOT, GRUB)).contains("root=UUID=1111-root ro quiet");
    assertThat(guest.text(ROOT, "/etc/default/grub")).contains("root=UUID=1111-root quiet");
    assertThat(JobOutcome.of(job).warnings())
        .containsExactly(
            "grub.cfg was corrected in place: /usr/sbin/grub-mkconfig:"
                + " grub-mkconfig: not found; exit 127");
  }

  @Test
  void aGuestWithoutTheProgramIsToldSo() throws IOException {
    withGrub();
    guest.shAnswer = "absent\n";
    fix();

    assertThat(guest.text(ROOT, GRUB)).contains("root=UUID=1111-root ro quiet");
    assertThat(JobOutcome.of(job).warnings())
        .containsExactly(
            "grub.cfg was corrected in place: /usr/sbin/grub-mkconfig: the guest does not have it");
  }

  @Test
  void aRegeneratedConfigurationWithFewerEntriesIsPutBack() throws IOException {
    withGrub();
    guest.shAnswer = "exit 0\n";
    guest.onSh = () -> guest.file(ROOT, GRUB, "# nothing was found\n");
    fix();

    assertThat(guest.text(ROOT, GRUB)).contains("root=UUID=1111-root ro quiet");
    assertThat(JobOutcome.of(job).warnings()).anyMatch(w -> w.startsWith("grub.cfg was corrected"));
  }

  @Test
  void aRegeneratedConfigurationWithAnUnstableRootIsPutBack() throws IOException {
    withGrub();
    guest.shAnswer = "exit 0\n";
    String unstable = guest.text(ROOT, GRUB);
    guest.onSh = () -> guest.file(ROOT, GRUB, unstable.replace("sda1", "sdx1"));
    fix();

    assertThat(guest.text(ROOT, GRUB)).contains("root=UUID=1111-root ro quiet");
  }

  @Test
  void aRegeneratedConfigurationThatIsAsGoodStays() throws IOException {
    withGrub();
    guest.shAnswer = "done\nexit 0\n";
    guest.onSh = () -> guest.file(ROOT, GRUB, "# new\n" + guest.text(ROOT, GRUB));
    fix();

    assertThat(guest.text(ROOT, GRUB)).startsWith("# new\n").contains("UUID=1111-root");
    assertThat(JobOutcome.of(job).warnings()).isEmpty();
    assertThat(FixResult.checksOf(job))
        .extracting(Check::name, Check::status)
        .contains(Tuple.tuple("guest_boot_entries", Check.Status.PASSED));
  }

  @Test
  void aBootEntryWhoseInitramfsIsMissingFailsItsCheck() throws IOException {
    withGrub();
    guest.fileSystems.get(ROOT).remove("/boot/initrd.img-6.1.0");
    guest.shAnswer = "exit 127\n";
    fix();

    assertThat(FixResult.checksOf(job))
        .filteredOn(check -> check.status() == Check.Status.FAILED)
        .singleElement()
        .satisfies(check -> assertThat(check.detail()).contains("/boot/initrd.img-6.1.0"));
  }

  @Test
  void aGuestWithoutABootLoaderIsNotApplicable() throws IOException {
    jobs.fix = spec(null, new GrubFix(false), null, null);
    guest.fileSystems.get(ROOT).remove("/boot/grub/grub.cfg");
    guest.fileSystems.get(ROOT).remove("/boot/vmlinuz-6.1.0");
    guest.fileSystems.get(ROOT).remove("/etc/default/grub");
    fix();

    assertThat(applied().get(0).toString()).contains("status=not_applicable");
  }

  @Test
  void noopAndNoneAskForNothingAndChangeNothing() throws IOException {
    jobs.fix = spec(FstabMode.NOOP, null, null, NetworkLevel.NONE);
    Map<String, byte[]> before = Map.copyOf(guest.fileSystems.get(ROOT));
    fix();

    assertThat(guest.fileSystems.get(ROOT)).isEqualTo(before);
    assertThat(guest.commands).extracting(words -> words.get(0)).doesNotContain("-upload");
  }

  @Test
  void aFixThatFailedLeavesItsStageFailedAndTheRestNotRun() {
    guest.file(ROOT, "/etc/fstab", "/dev/sdq7 / ext4 x 0 1\n");
    try {
      fix();
    } catch (IOException | StageFailedException e) {
      job.fail(e);
    }

    VmOutcome outcome = JobOutcome.of(job);
    assertThat(outcome.stages().get(StageName.FIX).status()).isEqualTo(StageStatus.FAILED);
    assertThat(outcome.stages().get(StageName.FIX).details())
        .containsKeys("fixes_applied", "code", "error");
    assertThat(outcome.stages().get(StageName.CONVERT).status()).isEqualTo(StageStatus.NOT_RUN);
    assertThat(outcome.stages().get(StageName.VALIDATE).status()).isEqualTo(StageStatus.NOT_RUN);
  }

  private static List<String> free(long blocks, long files, long freeFiles) {
    return List.of(
        "bsize: 4096",
        "frsize: 4096",
        "bfree: " + blocks,
        "files: " + files,
        "ffree: " + freeFiles);
  }

  @Test
  @RefusedGuest(
      storage = "a file system without room for the fixes",
      reason = "`GUEST_NO_SPACE` when a fix is asked for")
  void aFullGuestIsRefusedBeforeAnythingIsWritten() {
    guest.statvfs.put("/", free(5000, 1000, 500));

    assertFails(
        FailureCode.GUEST_NO_SPACE, "the guest's / has 19.5 MiB free, the fixes need 24.0 MiB");
    assertThat(guest.commands).noneMatch(command -> command.get(0).equals("-upload"));
  }

  @Test
  void aGuestWithoutInodesIsRefused() {
    guest.statvfs.put("/", free(1_000_000, 1000, 99));

    assertFails(
        FailureCode.GUEST_NO_SPACE, "the guest's / has room for 99 more files, the fixes need 100");
  }

  @Test
  void aFileSystemWithoutANumberOfInodesIsNotRefused() throws IOException {
    guest.statvfs.put("/", free(6144, 0, 0));
    fix();

    assertThat(applied()).isNotEmpty();
  }

  private static final String UNIT = "/etc/systemd/system/srv.mount";

  private void withNamesElsewhere() {
    guest
        .file(ROOT, UNIT, "[Mount]\nWhat=/dev/sda5\nWhere=/srv\nType=swap\n")
        .file(ROOT, "/etc/smartd.conf", "# defaults\n/dev/sda -a\n");
  }

  @Test
  void aUnitOfSystemdIsFixedAsARowAndOtherFilesAreTold() throws IOException {
    withNamesElsewhere();
    fix();

    assertThat(guest.text(ROOT, UNIT)).contains("\nWhat=/dev/disk/by-uuid/5555-swap\n");
    assertThat(JobOutcome.of(job).warnings())
        .singleElement()
        .asString()
        .startsWith("/etc/smartd.conf:2: it names a disk as the old hypervisor did (/dev/sda)");
  }

  @Test
  void withoutTheFixOfFstabBothAreTold() throws IOException {
    withNamesElsewhere();
    jobs.fix = spec(null, null, null, NetworkLevel.NONE);
    fix();

    assertThat(guest.text(ROOT, UNIT)).contains("What=/dev/sda5");
    assertThat(JobOutcome.of(job).warnings())
        .anyMatch(w -> w.startsWith("/etc/smartd.conf:2: "))
        .anyMatch(w -> w.startsWith(UNIT + ":2: /dev/sda5 can change"));
  }
}
