package io.hyper2kvm.stage.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guests.RefusedGuest;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.stage.ApplianceLog;
import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.Inspected;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineJson;
import io.hyper2kvm.stage.machine.NetworkCard;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.text.TextTail;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectionTest {

  private static final String ROOT = "/dev/sda1";

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

  private void assertFails(FailureCode code, String message) {
    assertThatThrownBy(this::inspect)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            StageFailedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private List<GuestFacts.Kernel> kernelsOf(VmJob job) {
    return job.results().get(InspectResult.class).guest().kernels();
  }

  @Test
  void aKernelWithoutAVersionInItsNameIsMatchedByItsPackage() throws IOException {
    guest.file(ROOT, "/boot/vmlinuz-linux", "zboot");
    guest.file(ROOT, "/boot/initramfs-linux.img", "x");
    guest.file(ROOT, "/lib/modules/6.6.1-arch1-1/pkgbase", "linux\n");

    VmJob job = inspect();

    assertThat(kernelsOf(job))
        .contains(
            new GuestFacts.Kernel(
                "6.6.1-arch1-1", "/boot/vmlinuz-linux", "/boot/initramfs-linux.img"));
    assertThat(job.warnings()).isEmpty();
  }

  @Test
  void aKernelOfASystemdInstallationIsMatchedByItsFolder() throws IOException {
    String folder = "/boot/0123456789abcdef0123456789abcdef/6.9.3/";
    guest.file(ROOT, folder + "linux", "x");
    guest.file(ROOT, folder + "initrd", "x");
    guest.file(ROOT, "/lib/modules/6.9.3/modules.dep", "");

    assertThat(kernelsOf(inspect()))
        .contains(new GuestFacts.Kernel("6.9.3", folder + "linux", folder + "initrd"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vmlinuz", "vmlinuz-lts", "kernel-x", "bzImage-1", "vmlinux"})
  void aKernelThatMatchesNothingIsNamedAndProvesNothing(String name) throws IOException {
    guest.file(ROOT, "/boot/" + name, "no x86 image");

    VmJob job = inspect();

    assertThat(job.warnings())
        .singleElement()
        .asString()
        .startsWith("the modules of the kernel image /boot/" + name + " are not known: ");
    assertThat(kernelsOf(job)).hasSize(1);
    assertThat(ProvenDrivers.of(job).card().proven()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vmlinuz-6.1.0.old",
        "vmlinux-4.12.14-120-default.gz",
        "linux-6.1.0.cfg",
        "kernel-6.1.0.config",
        ".vmlinuz-6.1.0.hmac",
        "vmlinuz-0-rescue-0123",
        "System.map-6.1.0",
        "memtest86+x64.bin",
        "xen-4.17.gz"
      })
  void whatIsNoKernelIsNotSpokenOf(String name) throws IOException {
    guest.file(ROOT, "/boot/" + name, "x");

    assertThat(inspect().warnings()).isEmpty();
  }

  @Test
  void anApplianceWithoutTheDiskFailed() throws IOException {
    guest.disks.clear();

    assertFails(FailureCode.APPLIANCE_FAILED, "shows 0 of 1 disks");
  }

  @Test
  void aListenerThatNamesNoProcessFailed() throws IOException {
    VmJob job = jobs.loaded();

    assertThatThrownBy(
            () ->
                new InspectStage(jobs.settings())
                    .acceptListener(job, Jobs.result(0, "libguestfs: error: no kernel\n")))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.APPLIANCE_FAILED));
    assertThat(job.appliance().pid()).isEmpty();
  }

  @Test
  void aFileSystemThatCannotBeMountedFailsAFixWithTheAppliancesWords() throws IOException {
    guest.fileSystems.clear();
    jobs.wantFstabFix();

    assertFails(FailureCode.GUEST_MOUNT_FAILED, "[/dev/sda1] could not be mounted: (none)");
  }

  @Test
  @RefusedGuest(
      storage = "the root can be mounted for reading only (hibernated, or damaged)",
      reason = "`GUEST_MOUNT_FAILED` when a fix is asked for")
  void aRootThatMountsForReadingOnlyFailsAFix() {
    guest.readOnly = true;
    jobs.wantFstabFix();

    assertFails(FailureCode.GUEST_MOUNT_FAILED, "could not be mounted for writing");
  }

  @Test
  void tooManyDevicesAreRefused() {
    for (int i = 0; i < 700; i++) {
      guest.partitions.add("/dev/vg/lv" + i);
    }

    assertFails(FailureCode.GUEST_UNSUPPORTED, "block devices");
  }

  @Test
  void tooManyConfigurationFilesAreRefused() {
    for (int i = 0; i < 700; i++) {
      guest.file(ROOT, "/etc/netplan/%03d.yaml".formatted(i), "");
    }

    assertFails(FailureCode.GUEST_UNSUPPORTED, "configuration files");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/fstab", "/etc/default/grub", "/etc/netplan/02.yaml"})
  void aFileThatWouldBeCutOffIsRefused(String file) {
    guest.file(ROOT, file, "# /dev/sda1 / ext4\n".repeat(60_000));

    assertFails(FailureCode.GUEST_FILE_TOO_LARGE, "the guest's " + file);
  }

  @Test
  void namesOfFilesCannotWriteToATerminal() {
    guest.file(ROOT, "/etc/netplan/\u001b[2Jx", "#".repeat(1 << 20));

    assertThatThrownBy(this::inspect).hasMessageContaining("/etc/netplan/\ufffd[2Jx");
  }

  @Test
  void aNameWithALineEndThatRepeatsAnotherNameIsNoInternalError() throws IOException {
    guest.file(ROOT, "/etc/netplan/x\n/01.yaml", "hostile");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().texts())
        .containsEntry("/etc/netplan/01.yaml", "network: {version: 2}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", ""})
  void filesBelowFoldersAreReadWhetherTheirNamesComeWithASlashOrNot(String prefix)
      throws IOException {
    guest.findPrefix = prefix;

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().texts())
        .containsKey("/etc/netplan/01.yaml");
  }

  @Test
  void aDeviceThatIsListedTwiceCountsOnce() throws IOException {
    guest.partitions.add("/dev/sda1");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().disks().partitions())
        .filteredOn(partition -> partition.device().equals("/dev/sda1"))
        .hasSize(1);
  }

  @Test
  void linesThatNameNoDeviceAreIgnored() throws IOException {
    guest.partitions.add("/dev/sd\u001b[31m");
    guest.partitions.add("libguestfs: warning: odd");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().disks().partitions()).hasSize(3);
  }

  @Test
  void aSystemOlderThanOsReleaseIsToldByItsOwnFile() throws IOException {
    guest.fileSystems.get(ROOT).keySet().removeIf(path -> path.endsWith("/os-release"));
    guest.file(ROOT, "/etc/redhat-release", "CentOS release 6.10 (Final)\n");

    GuestFacts facts = InspectResult.find(inspect()).orElseThrow().guest();

    assertThat(facts.distribution()).isEqualTo("centos");
    assertThat(facts.release()).containsEntry("VERSION_ID", "6.10");
    assertThat(facts.prettyName()).isEqualTo("CentOS release 6.10 (Final)");
  }

  @ParameterizedTest
  @CsvSource({
    "/var/lib/dpkg/status, dpkg",
    "/var/lib/rpm/rpmdb.sqlite, rpm (sqlite)",
    "/usr/lib/sysimage/rpm/Packages.db, rpm (ndb)",
    "/var/lib/rpm/Packages, rpm (bdb)",
    "/var/lib/pacman/local/ALPM_DB_VERSION, pacman",
    "/lib/apk/db/installed, apk"
  })
  void thePackageManagerIsToldByItsDatabase(String file, String form) throws IOException {
    guest.fileSystems.get(ROOT).remove("/var/lib/dpkg/status");
    guest.file(ROOT, file, "x");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().packageDatabase())
        .isEqualTo(form);
  }

  @ParameterizedTest
  @CsvSource({
    "/usr/lib64/NetworkManager/1.48.10-1.el9/libnm-settings-plugin-ifcfg-rh.so, true",
    "/usr/lib64/NetworkManager/1.48.10-1.el9/libnm-device-plugin-wifi.so, false"
  })
  void thePluginThatReadsIfcfgFilesIsSeen(String file, boolean seen) throws IOException {
    guest.file(ROOT, "/etc/os-release", "ID=fedora\nVERSION_ID=41\n");
    guest.file(ROOT, "/etc/sysconfig/network-scripts/ifcfg-ens3", "DEVICE=ens3\nONBOOT=yes\n");
    guest.file(ROOT, file, "x");

    assertThat(inspect().results().get(InspectResult.class).network().configuredBy())
        .isEqualTo(seen ? Set.of("ifcfg") : Set.of());
  }

  @ParameterizedTest
  @CsvSource({"wicked, true", "NetworkManager, false"})
  void theNetworkServiceThatIsOnIsSeen(String unit, boolean wicked) throws IOException {
    String file = "/usr/lib/systemd/system/" + unit + ".service";
    guest.file(ROOT, "/etc/os-release", "ID=sles\nVERSION_ID=15.6\n");
    guest.file(ROOT, "/etc/sysconfig/network/ifcfg-eth0", "STARTMODE=auto\nBOOTPROTO=dhcp\n");
    guest.file(ROOT, file, "[Unit]\n");
    guest.links.put("/etc/systemd/system/network.service", file);

    assertThat(inspect().results().get(InspectResult.class).network().configuredBy())
        .isEqualTo(wicked ? Set.of("wicked") : Set.of());
  }

  @Test
  void aDebianIsRecognised() throws IOException {
    VmJob job = inspect();
    GuestFacts facts = InspectResult.find(job).orElseThrow().guest();

    assertThat(facts.os()).isEqualTo("linux");
    assertThat(facts.prettyName()).isEqualTo("Debian GNU/Linux 12 (bookworm)");
    assertThat(facts.hostname()).isEqualTo("web01");
    assertThat(facts.architecture()).isEqualTo("x86_64");
    assertThat(facts.firmware()).isEqualTo("bios");
    assertThat(facts.bootLoader()).isEqualTo("grub2");
    assertThat(facts.initramfsTool()).isEqualTo("initramfs-tools");
    assertThat(facts.packageDatabase()).isEqualTo("dpkg");
    assertThat(facts.systemd()).isTrue();
    assertThat(facts.mounts()).isEqualTo(Map.of("/", ROOT));
    assertThat(facts.kernels())
        .containsExactly(new GuestFacts.Kernel("6.1.0", "/boot/vmlinuz-6.1.0", ""));
    StageReport report = JobOutcome.of(job).stages().get(StageName.INSPECT);
    assertThat(report.details())
        .containsEntry("os_detected", "Debian GNU/Linux 12 (bookworm)")
        .containsEntry("distribution", "debian")
        .containsKey("network");
  }

  private VmJob inspectWithInterfaces() throws IOException {
    guest.file(
        ROOT,
        "/etc/network/interfaces",
        "auto ens192\niface ens192 inet dhcp\nauto br0\niface br0 inet dhcp\n");
    guest.partition("/dev/sda15", "vfat", "AB-CD");
    guest.tags.get("/dev/sda15").put("PART_ENTRY_TYPE", "0xef");
    return inspect();
  }

  @Test
  void theGuestCompletesTheMachine() throws IOException {
    MachineDescription machine = InspectResult.machineOf(inspectWithInterfaces());

    assertThat(machine.architecture()).isEqualTo("x86_64");
    assertThat(machine.startsByUefi()).isTrue();
    assertThat(machine.cards()).containsExactly(NetworkCard.any());
  }

  @Test
  void theReportTellsTheSameMachine() throws IOException {
    VmJob job = inspectWithInterfaces();

    assertThat(MachineJson.read(job.stages())).hasValue(InspectResult.machineOf(job));
  }

  @Test
  void cardsThatTheReportDoesNotNameAreNotTheMachines() throws IOException {
    jobs.inspect = false;
    jobs.validate = new ValidateSpec(true, true);

    VmJob job = inspectWithInterfaces();

    assertThat(MachineJson.read(job.stages())).hasValue(InspectResult.machineOf(job));
    assertThat(InspectResult.machineOf(job).cards()).isEmpty();
  }

  @Test
  void withoutAFixNothingIsMountedForWriting() throws IOException {
    inspect();

    assertThat(guest.commands).extracting(words -> words.get(0)).doesNotContain("-mount");
  }

  @Test
  void theOverlaysAreWhatTheApplianceSees() throws IOException {
    VmJob job = inspect();

    assertThat(guest.commands)
        .contains(
            List.of(
                "-add-drive",
                LoadResult.of(job).disks().get(0).overlay().toString(),
                "format:qcow2",
                "discard:besteffort",
                "cachemode:unsafe",
                "label:guestdiska"));
  }

  /** The signature of a GPT stands in its first sector behind the first: here at byte 4096. */
  private void with4096ByteSectors() throws IOException {
    byte[] image = new byte[1 << 20];
    ByteBuffer.wrap(image, 4096, 8).put("EFI PART".getBytes(StandardCharsets.US_ASCII));
    Files.write(jobs.source, image);
  }

  @Test
  void onlyTheDiskOf4096ByteSectorsIsShownWithThem() throws IOException {
    with4096ByteSectors();
    Path data = Files.write(jobs.folder("in").resolve("data.img"), new byte[1 << 20]);
    jobs.additional = List.of(data);
    guest.disks.add("/dev/sdb");

    inspect();

    assertThat(guest.commands)
        .filteredOn(words -> words.get(0).equals("-add-drive"))
        .extracting(words -> words.contains("blocksize:4096"))
        .containsExactly(true, false);
  }

  @Test
  void aBiosGuestOn4096ByteSectorsIsNotBooted() throws IOException {
    with4096ByteSectors();
    jobs.validate = new ValidateSpec(true, true);

    assertFails(FailureCode.SECTOR_SIZE_UNSUPPORTED, "the guest boots by BIOS");
  }

  @Test
  void aBiosGuestMayHaveADataDiskOf4096ByteSectors() throws IOException {
    with4096ByteSectors();
    jobs.additional = List.of(jobs.source);
    jobs.source = Files.write(jobs.folder("in").resolve("system.img"), new byte[1 << 20]);
    jobs.validate = new ValidateSpec(true, true);
    guest.disks.add("/dev/sdb");

    assertThat(inspect().warnings())
        .filteredOn(it -> it.contains("4096"))
        .singleElement()
        .asString()
        .contains("logical_block_size=4096");
  }

  @Test
  void aBiosGuestOn4096ByteSectorsIsConvertedWithAWarning() throws IOException {
    with4096ByteSectors();

    assertThat(inspect().warnings()).anyMatch(it -> it.contains("no EFI loader was found"));
  }

  @Test
  void aBootFileSystemOfItsOwnIsMountedToo() throws IOException {
    guest.partition("/dev/sda2", "ext2", "2222-boot");
    guest.file("/dev/sda2", "/vmlinuz-7.0", "kernel").file("/dev/sda2", "/initrd.img-7.0", "i");
    guest.file(ROOT, "/lib/modules/7.0/modules.dep", "");
    guest.file(
        ROOT, "/etc/fstab", "UUID=1111-root / ext4 x 0 1\nUUID=2222-boot /boot ext2 x 0 2\n");

    GuestFacts facts = InspectResult.find(inspect()).orElseThrow().guest();

    assertThat(facts.mounts()).isEqualTo(Map.of("/", ROOT, "/boot", "/dev/sda2"));
    assertThat(facts.kernels())
        .containsExactly(new GuestFacts.Kernel("7.0", "/boot/vmlinuz-7.0", "/boot/initrd.img-7.0"));
  }

  @Test
  void ofTwoRootsTheOneThatSaysSoIsTakenAndAPersonIsTold() throws IOException {
    guest.partition("/dev/sda2", "ext4", "2222-rescue");
    guest.file("/dev/sda2", "/etc/os-release", "ID=rescue\n");
    guest.file("/dev/sda2", "/etc/fstab", "/dev/sda9 / ext4 x 0 1\n");

    VmJob job = inspect();

    assertThat(InspectResult.find(job).orElseThrow().guest().distribution()).isEqualTo("debian");
    assertThat(JobOutcome.of(job).warnings())
        .containsExactly("2 root file systems were found; /dev/sda1 was taken");
  }

  @Test
  void aWindowsGuestIsWindows() throws IOException {
    guest.fileSystems.clear();
    guest.partitions.clear();
    guest.partition("/dev/sda1", "ntfs", "99").file(ROOT, "/Windows/System32/ntdll.dll", "MZ");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().prettyName())
        .isEqualTo("windows");
  }

  @Test
  void anEmptyDiskIsUnknown() throws IOException {
    guest.fileSystems.clear();
    guest.partitions.clear();

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().os()).isEqualTo("unknown");
  }

  @ParameterizedTest
  @CsvSource({"3, i386", "183, aarch64", "243, riscv64", "4660, elf-4660"})
  void theProcessorIsReadFromAProgram(int machine, String name) throws IOException {
    guest.file(ROOT, "/bin/sh", FakeGuest.elf(machine));

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().architecture()).isEqualTo(name);
  }

  @Test
  void anEspMeansUefi() throws IOException {
    guest.partition("/dev/sda15", "vfat", "AB-CD");
    guest.tags.get("/dev/sda15").put("PART_ENTRY_TYPE", "C12A7328-F81F-11D2-BA4B-00A0C93EC93B");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().firmware()).isEqualTo("uefi");
  }

  @Test
  void theAppliancesLogIsQuotedPrintable() throws IOException {
    VmJob job = jobs.loaded();
    Files.writeString(ApplianceLog.of(job), "mount: \u001b[31mwrong fs type\n");

    assertThat(ApplianceLog.tail(job)).isEqualTo("mount: \ufffd[31mwrong fs type");
    assertThat(TextTail.of(directory.resolve("none"))).isEqualTo("(none)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/vg-0/boot", "/dev/mapper/vg--0-boot"})
  void aSeparateBootOnLvmIsMountedByEitherOfItsNames(String name) throws IOException {
    guest
        .logicalVolume("/dev/vg-0/boot", "ext4", "2222-boot")
        .file(ROOT, "/etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n" + name + " /boot ext4 x 0 2\n")
        .file("/dev/vg-0/boot", "/vmlinuz-6.1.0", "kernel");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().mounts())
        .containsEntry("/boot", "/dev/vg-0/boot");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/md0", "/dev/md/0", "/dev/md/db02:0"})
  void anArrayIsFoundByTheGuestsNameAndNotOnlyTheAppliances(String name) throws IOException {
    guest
        .array("/dev/md127", "db02:0", "ext4", "2222-boot")
        .file(ROOT, "/etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n" + name + " /boot ext4 x 0 2\n")
        .file("/dev/md127", "/vmlinuz-6.1.0", "kernel");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().mounts())
        .containsEntry("/boot", "/dev/md127");
  }

  @Test
  void twoArraysOfOneNumberAreNotGuessedBetween() throws IOException {
    guest
        .array("/dev/md126", "db01:0", "ext4", "2222-boot")
        .array("/dev/md127", "db02:0", "ext4", "3333-boot")
        .file(ROOT, "/etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n/dev/md0 /boot ext4 x 0 2\n");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().mounts())
        .doesNotContainKey("/boot");
  }

  private static final String USR = "/dev/vg-0/usr";

  /** The distribution, the shell and systemd lie on a volume of their own. */
  private void usrOnAVolume(String name) {
    guest
        .logicalVolume(USR, "ext4", "2222-usr")
        .logicalVolume("/dev/vg-0/home", "ext4", "3333-home")
        .file(ROOT, "/etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n" + name + " /usr ext4 x 0 2\n")
        .file(USR, "/lib/os-release", "ID=ubuntu\nVERSION_ID=\"22.04\"\n")
        .file(USR, "/lib/systemd/systemd", "x");
    guest.fileSystems.get(ROOT).remove("/etc/os-release");
    guest.fileSystems.get(ROOT).remove("/lib/systemd/systemd");
    guest.links.put("/etc/os-release", "/usr/lib/os-release");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/vg-0/usr",
        "/dev/mapper/vg--0-usr",
        "/dev/disk/by-id/dm-name-vg--0-usr",
        "/dev/disk/by-id/dm-uuid-LVM-vg0xxxxxxxxxxxxxxxxxxxxxxxxxxxxxdevvg0usrxxxxxxxxxxxxxxxxxxxxxxx",
        "UUID=2222-usr"
      })
  void theDistributionIsSeenOnAUsrThatIsAVolume(String name) throws IOException {
    usrOnAVolume(name);
    GuestFacts facts = InspectResult.find(inspect()).orElseThrow().guest();

    assertThat(facts.mounts()).containsEntry("/usr", USR);
    assertThat(facts.distribution()).isEqualTo("ubuntu");
    assertThat(facts.systemd()).isTrue();
  }

  @Test
  void volumesOfOneNameInTwoGroupsHaveTheirOwnIdentifiers() throws IOException {
    usrOnAVolume("/dev/disk/by-id/dm-uuid-LVM-" + id("vg-0") + id(USR));
    guest.logicalVolume("/dev/vg-1/usr", "ext4", "4444-usr");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().mounts())
        .containsEntry("/usr", USR);
  }

  private static String id(String name) {
    return FakeGuest.volumeId(name);
  }

  @Test
  void aRootWithoutFstabWhoseOsReleaseLeadsToAnotherFileSystemIsStillARoot() throws IOException {
    guest.fileSystems.get(ROOT).remove("/etc/os-release");
    guest.fileSystems.get(ROOT).remove("/etc/fstab");
    guest.links.put("/etc/os-release", "/usr/lib/os-release");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().os()).isEqualTo("linux");
  }

  @Test
  void theRootRowsLetterTellsWhatIsMountedAtBoot() throws IOException {
    guest
        .partition("/dev/sda2", "ext4", "2222-boot")
        .file(ROOT, "/etc/fstab", "/dev/xvde1 / ext4 x 0 1\n/dev/xvde2 /boot ext4 x 0 2\n")
        .file("/dev/sda2", "/vmlinuz-6.1.0", "kernel");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().mounts())
        .containsEntry("/boot", "/dev/sda2");
  }

  @Test
  void theCommandLinesRootTellsWhatTheLettersAre() throws IOException {
    guest
        .file(ROOT, "/etc/fstab", "UUID=1111-root / ext4 x 0 1\n/dev/xvde5 none swap sw 0 0\n")
        .file(ROOT, "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"root=/dev/xvde1 quiet\"\n")
        .file(ROOT, "/boot/grub/grub.cfg", "linux /boot/vmlinuz-6.1.0 root=/dev/xvde1 ro\n");

    GuestFacts facts = InspectResult.find(inspect()).orElseThrow().guest();
    assertThat(facts.disks().resolve("/dev/xvde5"))
        .map(GuestPartition::device)
        .contains("/dev/sda5");
  }

  @Test
  void anArrayIsFoundByTheNameInMdadmConf() throws IOException {
    guest
        .array("/dev/md126", "db01:0", "ext4", "2222-boot")
        .array("/dev/md127", "db02:0", "ext4", "3333-boot")
        .file(ROOT, "/etc/mdadm.conf", "ARRAY /dev/md0 UUID=" + FakeGuest.arrayId("/dev/md127"))
        .file(ROOT, "/etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n/dev/md0 /boot ext4 x 0 2\n");

    assertThat(InspectResult.find(inspect()).orElseThrow().guest().mounts())
        .containsEntry("/boot", "/dev/md127");
  }
}
