package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Guests with the registry and the folders of a Windows, and drivers made for the test, through the
 * real virt-v2v-in-place. Nothing of them starts: what is shown is what is in the guest afterwards.
 */
@Tag("all")
@Timeout(1800)
class WindowsIT {

  @TempDir private Path directory;

  @BeforeEach
  void tools() throws IOException {
    directory = directory.toRealPath();
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/virt-v2v-in-place")),
        "virt-v2v-in-place is not installed");
  }

  private void make(String name) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("bash", "src/test/guests/cases/windows-drivers.sh"));
    command.addAll(List.of(directory.toString(), name));
    RealGuest.Program.run(command);
  }

  private GuestCase planned(String name) throws Exception {
    return GuestCase.planned(
        directory.resolve(name + ".json"),
        Map.of(
            "HYPER2KVM_VIRTIO_WIN", directory.resolve("virtio-win").toString(),
            "VIRT_TOOLS_DATA_DIR", directory.resolve("tools").toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "w10, Windows 10 Pro 22H2, bios",
    "w11, Windows 11 Pro 23H2, uefi",
    "2k16, Windows Server 2016 Standard, bios",
    "2k22, Windows Server 2022 Datacenter 21H2, uefi",
    "2k25, Windows Server 2025 Standard 24H2, uefi",
  })
  void aWindowsHasItsDriversAfterwards(String name, String product, String firmware)
      throws Exception {
    make(name);

    GuestCase guest = planned(name);

    assertThat(guest.completed()).as(() -> guest.report().toPrettyString()).isTrue();
    assertThat(guest.report().at("/stages/inspect/os_detected").asText()).isEqualTo(product);
    assertThat(guest.report().at("/stages/inspect/firmware").asText()).isEqualTo(firmware);
    JsonNode fixes = guest.report().at("/stages/fix/fixes_applied");
    assertThat(fixes.at("/0/status").asText()).isEqualTo("not_applicable");
    assertThat(fixes.at("/1/fix").asText()).isEqualTo("windows");
    assertThat(fixes.at("/1/status").asText()).isEqualTo("applied");
    assertThat(fixes.at("/1/tool_log").asText()).contains("Finishing off");
    assertThat(guest.warnings()).anyMatch(warning -> warning.startsWith("not booted here"));
    assertThat(guest.report().at("/plan/domain/disk_bus").asText()).isEqualTo("virtio");
    assertThat(guest.report().at("/plan/domain/network_model").asText()).isEqualTo("virtio");
    assertThat(guest.changes())
        .anyMatch(change -> isValue(change, "Services\\viostor", "Start", "", "0"))
        .anyMatch(
            change ->
                isValue(
                    change,
                    "Microsoft\\Windows\\CurrentVersion",
                    "DevicePath",
                    "%SystemRoot%\\inf",
                    "%SystemRoot%\\inf;%SystemRoot%\\Drivers\\VirtIO"))
        .anyMatch(change -> change.path("key").asText().contains("DEV_1042"))
        .anyMatch(
            change ->
                change.path("file").asText().endsWith("/System32/drivers/viostor.sys")
                    && change.path("after").asText().endsWith("a program for x86_64"));
  }

  private static boolean isValue(
      JsonNode change, String key, String value, String before, String after) {
    return change.path("key").asText().endsWith(key)
        && change.path("value").asText().equals(value)
        && change.path("before").asText().equals(before)
        && change.path("after").asText().equals(after);
  }

  @ParameterizedTest
  @CsvSource({
    "dirty, GUEST_FILE_SYSTEM_DAMAGED, chkdsk",
    "in-use, GUEST_FILE_SYSTEM_DAMAGED, its journal holds changes",
    "hibernated, GUEST_HIBERNATED, fast startup",
    "bitlocker, GUEST_ENCRYPTED, manage-bde -off",
    "cut-off, FIX_WINDOWS_FAILED, cannot be read",
    "hostile, FIX_WINDOWS_FAILED, ''",
  })
  void aWindowsThatMustNotBeChangedIsRefused(String name, String code, String message)
      throws Exception {
    make(name);

    GuestCase guest = planned(name);

    assertThat(guest.failureCode()).as(() -> guest.report().toPrettyString()).isEqualTo(code);
    assertThat(guest.failureMessage()).contains(message);
    assertThat(guest.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "viostor/w10, viostor.sys",
    "viostor/w10/amd64, viostor.sys",
    "NetKVM/w10/amd64, netkvm.sys",
  })
  void aVirtioWinWithoutTheDriversIsRefused(String folder, String missing) throws Exception {
    make("w10");
    Path gone = directory.resolve("virtio-win").resolve(folder);
    Files.move(gone, gone.resolveSibling("elsewhere"));

    GuestCase guest = planned("w10");

    assertThat(guest.failureCode()).isEqualTo("WINDOWS_DRIVERS_MISSING");
    assertThat(guest.failureMessage()).contains("virtio-win lacks", missing, "viostor/w10/amd64");
  }
}
