package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The labels of a guest with SELinux, from INSPECT to the report. */
class GuestLabelsTest extends FixedGuest {

  private static final String CONTEXTS = "/etc/selinux/targeted/contexts/files/file_contexts";
  private static final String ETC = "system_u:object_r:etc_t:s0\0";
  private static final String BOOT = "system_u:object_r:boot_t:s0\0";
  private static final String GRUB = "/boot/grub/grub.cfg";

  @BeforeEach
  void enforcing() {
    jobs.fix = spec(FstabMode.STABILIZE_ALL, new GrubFix(false), null, null);
    guest.file(ROOT, "/boot/initrd.img-6.1.0", "initramfs");
    guest
        .file(
            ROOT,
            GRUB,
            "menuentry 'Debian' {\n\tlinux /boot/vmlinuz-6.1.0 root=/dev/sda1 ro\n"
                + "\tinitrd /boot/initrd.img-6.1.0\n}\n")
        .file(ROOT, "/etc/selinux/config", "SELINUX=enforcing\nSELINUXTYPE=targeted\n")
        .file(
            ROOT,
            CONTEXTS,
            """
            /.*	system_u:object_r:default_t:s0
            /etc(/.*)?	system_u:object_r:etc_t:s0
            /boot(/.*)?	system_u:object_r:boot_t:s0
            """);
    guest.labels.putAll(
        Map.of(
            "/",
            "system_u:object_r:root_t:s0\0",
            "/etc",
            ETC,
            "/etc/fstab",
            ETC,
            "/etc/default",
            ETC,
            "/etc/default/grub",
            ETC,
            "/boot",
            BOOT,
            "/boot/grub",
            BOOT,
            GRUB,
            BOOT));
    guest.labels.put("/boot/vmlinuz-6.1.0", BOOT);
    guest.labels.put("/boot/initrd.img-6.1.0", BOOT);
  }

  private Map<?, ?> selinux() {
    return (Map<?, ?>) JobOutcome.of(job).stages().get(StageName.FIX).details().get("selinux");
  }

  @Test
  void filesThatAreWrittenInPlaceKeepTheirLabels() throws IOException {
    fix();

    assertThat(guest.labels).containsEntry("/etc/fstab", ETC).containsEntry(GRUB, BOOT);
    assertThat(selinux().get("labels_set").toString()).isEqualTo("[]");
    assertThat(selinux().get("mode")).isEqualTo("enforcing");
    assertThat(selinux().get("autorelabel")).isEqualTo(false);
    assertThat(JobOutcome.of(job).warnings()).noneMatch(w -> w.contains("SELinux"));
  }

  @Test
  void aFileThatAToolWroteAnewGetsTheLabelThatItHad() throws IOException {
    guest.labels.put(GRUB, "system_u:object_r:my_t:s0\0");
    guest.shAnswer = "exit 1\n";
    guest.onSh = () -> guest.labels.remove(GRUB);

    fix();

    assertThat(guest.labels).containsEntry(GRUB, "system_u:object_r:my_t:s0\0");
    assertThat(selinux().get("labels_set").toString())
        .contains("file=" + GRUB, "rule=selinux.kept");
  }

  @Test
  void aFileThatAToolAddedInBootGetsThePolicysLabel() throws IOException {
    guest.shAnswer = "exit 1\n";
    guest.onSh = () -> guest.file(ROOT, "/boot/grub/grub.cfg.new", "x");

    fix();

    assertThat(guest.labels).containsEntry("/boot/grub/grub.cfg.new", BOOT);
    assertThat(selinux().get("labels_set").toString())
        .contains("rule=selinux.policy", CONTEXTS + ":3");
  }

  @Test
  void aFileThatHadNoLabelBeforeIsLeftAlone() throws IOException {
    guest.labels.remove("/etc/fstab");

    fix();

    assertThat(guest.labels).doesNotContainKey("/etc/fstab");
  }

  @Test
  void withoutContextsAnEnforcingGuestRelabelsItself() throws IOException {
    guest.fileSystems.get(ROOT).remove(CONTEXTS);
    guest.shAnswer = "exit 1\n";
    guest.onSh = () -> guest.file(ROOT, "/boot/grub/grub.cfg.new", "x");

    fix();

    assertThat(guest.fileSystems.get(ROOT)).containsKey("/.autorelabel");
    assertThat(selinux().get("autorelabel")).isEqualTo(true);
    assertThat(guest.labels).containsEntry("/boot/grub/grub.cfg.new", BOOT);
    assertThat(JobOutcome.of(job).warnings())
        .anyMatch(w -> w.contains(CONTEXTS + " is not there"))
        .anyMatch(w -> w.contains("restarts once more"));
  }

  @Test
  void withoutContextsAPermissiveGuestIsWarnedOf() throws IOException {
    guest.file(ROOT, "/etc/selinux/config", "SELINUX=permissive\nSELINUXTYPE=targeted\n");
    guest.fileSystems.get(ROOT).remove(CONTEXTS);
    guest.shAnswer = "exit 1\n";
    guest.onSh = () -> guest.file(ROOT, "/boot/grub/grub.cfg.new", "x");

    fix();

    assertThat(guest.fileSystems.get(ROOT)).doesNotContainKey("/.autorelabel");
    assertThat(JobOutcome.of(job).warnings()).anyMatch(w -> w.contains("restorecon"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELINUX=disabled\n", "SELINUX=disabled\nSELINUXTYPE=targeted\n"})
  void ofADisabledOneNothingIsAsked(String config) throws IOException {
    guest.file(ROOT, "/etc/selinux/config", config);

    fix();

    assertThat(guest.commands).noneMatch(words -> words.get(0).equals("-lgetxattr"));
    assertThat(selinux()).isNull();
  }

  @Test
  void aGuestThatWasNeverLabelledGetsNoLabels() throws IOException {
    guest.labels.clear();

    fix();

    assertThat(guest.labels).isEmpty();
    assertThat(selinux().get("labelled")).isEqualTo(false);
  }

  @Test
  void anEfiPartitionHoldsNoLabels() throws IOException {
    guest.efiSystemPartition("/dev/sda2").file("/dev/sda2", "/EFI/debian/grubx64.efi", "MZ");

    fix();

    assertThat(guest.commands)
        .filteredOn(words -> words.get(0).equals("-lgetxattr"))
        .noneMatch(words -> words.get(1).startsWith("/boot/efi"));
  }

  @Test
  void aNewFileAndItsNewFolderGetThePolicysLabels() throws IOException {
    jobs.fix = spec(null, null, null, NetworkLevel.FULL);
    guest.file(ROOT, "/etc/network/interfaces", "auto ens192\niface ens192 inet dhcp\n");
    fix();

    assertThat(guest.fileSystems.get(ROOT).keySet()).anyMatch(f -> f.startsWith("/etc/systemd/"));
    assertThat(guest.labels).containsEntry("/etc/systemd", ETC);
    assertThat(guest.labels.keySet()).anyMatch(f -> f.startsWith("/etc/systemd/network/"));
  }
}
