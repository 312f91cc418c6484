package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.manifest.model.InitramfsFix;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.stage.inspect.InspectResult;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Flatcar, whose /usr, kernels and menu come in images, on one disk with its nine partitions. */
class ImageSystemTest extends FixedGuest {

  private static final String ESP = "/dev/sda1";
  private static final String USR = "/dev/sda3";
  private static final String OEM = "/dev/sda6";
  private static final String DATA = "/dev/sda9";
  private static final String LINK = "/etc/systemd/network/10-hyper2kvm-ens192.link";
  private static final String WHERE =
      "grub.cfg on disk 1, partition 6 (btrfs), which GRUB reads from there, line ";

  @BeforeEach
  void flatcar() {
    guest.partitions.clear();
    guest.fileSystems.clear();
    part(ESP, "vfat", "EFI-SYSTEM");
    guest.tags.get(ESP).put("PART_ENTRY_TYPE", "c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
    part(USR, "btrfs", "USR-A");
    part(OEM, "btrfs", "OEM");
    part(DATA, "ext4", "ROOT");
    guest
        .file(ESP, "/EFI/boot/bootx64.efi", "MZ")
        .file(ESP, "/EFI/boot/grubx64.efi", "MZ")
        .file(ESP, "/flatcar/vmlinuz-a", "kernel")
        .file(ESP, "/flatcar/grub/grub.cfg.tar", "x")
        .file(USR, "/lib/os-release", "ID=flatcar\nID_LIKE=coreos\nVERSION_ID=3975.2.1\n")
        .file(DATA, "/etc/hostname", "node1\n")
        .file(DATA, "/etc/systemd/network/static.network", "[Match]\nName=ens192\n[Network]\n");
    guest.emptyFolders.add("/boot");
    jobs.fix =
        spec(
            FstabMode.STABILIZE_ALL, new GrubFix(false), new InitramfsFix(true), NetworkLevel.FULL);
  }

  private void part(String device, String type, String name) {
    guest.partition(device, type, "uuid-" + name);
    guest.tags.get(device).put("PART_ENTRY_NAME", name);
  }

  private String status(String fix) {
    return applied().stream()
        .map(Map.class::cast)
        .filter(it -> it.get("fix").equals(fix))
        .map(it -> it.get("status") + ": " + it.get("reason"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatComesInImagesIsLeftAndTheNameIsKept() throws IOException {
    fix();

    assertThat(job.results().get(InspectResult.class).guest().release())
        .containsEntry("ID", "flatcar");
    assertThat(status("grub")).startsWith("not_applicable: the menu, the kernels and");
    assertThat(status("initramfs")).startsWith("not_applicable: the menu, the kernels and");
    assertThat(guest.text(DATA, LINK)).contains("Driver=virtio_net", "Name=ens192");
  }

  @Test
  void theImageIsNeverMountedForWriting() throws IOException {
    fix();

    assertThat(guest.commands)
        .filteredOn(command -> command.contains(USR) && command.get(0).startsWith("-mount"))
        .isNotEmpty()
        .allMatch(
            command -> command.get(0).equals("-mount-ro") || command.get(1).startsWith("ro,"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"USR-A", "USR-B"})
  void eitherSlotTellsTheRelease(String slot) throws IOException {
    guest.tags.get(USR).put("PART_ENTRY_NAME", slot);
    fix();

    assertThat(job.results().get(InspectResult.class).guest().release())
        .containsEntry("VERSION_ID", "3975.2.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set linux_root=\"root=/dev/sda9\"|root=/dev/sda9: the name can change between hypervisors",
        "set linux_append=\"root=/dev/sda9 quiet\"|root=/dev/sda9: the name can change",
        "set linux_root=\"root=UUID=0-0\"|root=UUID=0-0: it leads to no device of this VM",
        "set oem_id=\"vmware\"|oem_id is vmware: the system asks that platform for its settings",
        "set oem_id=hyperv|oem_id is hyperv: the system asks that platform"
      })
  void whatThePlatformAddsIsTold(String line, String warning) throws IOException {
    guest.file(OEM, "/grub.cfg", "# added by the platform\n" + line + "\n");
    fix();

    assertThat(JobOutcome.of(job).warnings())
        .anySatisfy(told -> assertThat(told).startsWith(WHERE + "2: " + warning));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set oem_id=\"qemu\"",
        "set linux_append=\"flatcar.autologin\"",
        "set linux_root=\"root=LABEL=ROOT\"",
        "# set oem_id=vmware"
      })
  void whatHoldsOnKvmIsNot(String line) throws IOException {
    guest.tags.get(DATA).put("LABEL", "ROOT");
    guest.file(OEM, "/grub.cfg", line + "\n");
    fix();

    assertThat(JobOutcome.of(job).warnings()).noneMatch(told -> told.startsWith("grub.cfg on"));
  }

  @Test
  void aPartitionOfThatNameWithAnotherSystemIsNoImage() throws IOException {
    guest.file(USR, "/lib/os-release", "ID=debian\n");
    guest.file(DATA, "/etc/os-release", "ID=debian\nVERSION_ID=12\n");
    jobs.fix = spec(null, null, null, NetworkLevel.FULL);
    fix();

    assertThat(job.results().get(InspectResult.class).guest().comesInImages()).isEmpty();
    assertThat(List.copyOf(applied())).isNotEmpty();
  }
}
