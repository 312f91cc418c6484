package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real UEFI guests whose boot loader nothing but the old machine's NVRAM named. */
@Timeout(1500)
@Tag("all")
class UefiGuestIT {

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  @TempDir private static Path directory;
  private static DaemonProcess daemon;

  @BeforeAll
  static void startDaemon() throws IOException {
    daemon = DaemonProcess.start(directory);
  }

  @AfterAll
  static void stopDaemon() throws InterruptedException, IOException {
    daemon.stop();
  }

  @ParameterizedTest
  @CsvSource({
    "shim, /boot/efi/EFI/BOOT/BOOTX64.EFI /boot/efi/EFI/BOOT/grubx64.efi"
        + " /boot/efi/EFI/BOOT/grub.cfg /boot/efi/EFI/BOOT/mmx64.efi",
    "systemd-boot, /boot/EFI/BOOT/BOOTX64.EFI"
  })
  void theGuestBootsOnAMachineThatDoesNotKnowIt(String loader, String files) throws Exception {
    Path guest = RealGuest.debian12OnUefi(loader);

    daemon.drop(
        loader + ".yaml",
        """
        version: "1.0"
        name: %s
        pipeline:
          load: {source_type: vmdk, source_path: %s}
          fix:
            fstab: {mode: stabilize-all}
            grub: {enabled: true}
            initramfs: {regenerate: true}
            network: {fix_level: full}
          convert: {output_format: qcow2}
          validate: {boot_test: true}
        """
            .formatted(loader, guest));
    DaemonProcess.Outcome outcome = daemon.outcome(loader + ".yaml", PATIENCE);

    JsonNode stages = outcome.json().path("stages");
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    assertThat(outcome.json().path("warnings")).isEmpty();
    assertThat(stages.at("/inspect/firmware").asText()).isEqualTo("uefi");
    assertThat(stages.path("fix").findParents("rule"))
        .filteredOn(change -> change.path("rule").asText().contains("removable"))
        .extracting(change -> change.path("file").asText())
        .containsExactlyElementsOf(List.of(files.split(" ")));
    assertThat(stages.path("validate").findParents("detail"))
        .filteredOn(check -> check.path("name").asText().equals("guest_uefi_loader"))
        .extracting(check -> check.path("status").asText())
        .containsExactly("passed");
    JsonNode boot = stages.at("/validate/boot_test");
    assertThat(boot.path("booted").asBoolean()).isTrue();
    assertThat(boot.path("network_up").asBoolean()).isTrue();
    assertThat(boot.path("evidence").toString()).containsPattern("SSH-2.0-OpenSSH|login:");
  }

  @Test
  void withoutTheFixTheOutputIsRefused() throws Exception {
    Path guest = RealGuest.debian12OnUefi("shim");

    daemon.drop(
        "unfixed.yaml",
        """
        version: "1.0"
        name: unfixed
        pipeline:
          load: {source_type: vmdk, source_path: %s}
          inspect: {enabled: true}
          convert: {output_format: qcow2}
        """
            .formatted(guest));
    DaemonProcess.Outcome outcome = daemon.outcome("unfixed.yaml", PATIENCE);

    assertThat(outcome.completed()).isFalse();
    assertThat(outcome.json().path("code").asText()).isEqualTo("GUEST_CHECK_FAILED");
    assertThat(outcome.json().path("stage").asText()).isEqualTo("validate");
    assertThat(outcome.json().path("error").asText())
        .contains("guest_uefi_loader", "has no /EFI/BOOT/BOOTX64.EFI", "fix.grub");
    assertThat(daemon.output("unfixed-converted.qcow2")).doesNotExist();
  }
}
