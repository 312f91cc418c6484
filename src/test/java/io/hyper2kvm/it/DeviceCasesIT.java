package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests whose volumes have unusual names, or are kept away by what the old hypervisor named. */
@Timeout(900)
@Tag("all")
class DeviceCasesIT {

  private static final String DEVICES = "/etc/lvm/devices/system.devices";

  @TempDir private Path directory;

  @Test
  void usrByLvmsIdentifiersIsMountedAndTheDistributionIsSeen() throws Exception {
    GuestCase guest = GuestCase.planned("fstab-usr-by-dm-uuid", directory);

    assertThat(guest.completed()).as(() -> guest.report().toPrettyString()).isTrue();
    // Its kernel has no modules that could prove virtio drivers.
    assertThat(guest.warnings())
        .allMatch(w -> w.contains("e1000e") || w.startsWith("the modules of the kernel image"));
    JsonNode found = guest.report().at("/stages/inspect");
    Map<String, String> mounted = new HashMap<>();
    found
        .path("file_systems")
        .forEach(fs -> mounted.put(fs.path("mount_point").asText(), fs.path("device").asText()));
    assertThat(mounted)
        .containsEntry("/", "/dev/ubuntu-vg/root-lv")
        .containsEntry("/usr", "/dev/ubuntu-vg/usr-lv")
        .containsEntry("/boot", "/dev/sda1");
    assertThat(found.path("distribution").asText()).isEqualTo("ubuntu");
    assertThat(found.path("version").asText()).isEqualTo("22.04");
    assertThat(found.path("architecture").asText()).isEqualTo("x86_64");
    assertThat(guest.linesAfter("/etc/fstab")).isEmpty();
    assertThat(guest.linesAfter("/etc/systemd/network/10-hyper2kvm-ens160.link"))
        .contains("Name=ens160");
  }

  @Test
  void lvmsFileOfVmwaresDisksIsMovedAway() throws Exception {
    GuestCase guest = GuestCase.planned("fstab-lvm-devices-file", directory);

    assertThat(guest.report().at("/stages/fix/fixes_applied/0/status").asText())
        .as(() -> guest.report().toPrettyString())
        .isEqualTo("applied");
    assertThat(guest.changes())
        .filteredOn(change -> change.path("file").asText().equals(DEVICES))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.path("line").asInt()).isEqualTo(3);
              assertThat(change.path("before").asText()).startsWith("IDTYPE=sys_wwid");
              assertThat(change.path("after").asText()).isEmpty();
            });
    assertThat(guest.linesAfter(DEVICES + ".before-kvm")).hasSize(1);
  }
}
