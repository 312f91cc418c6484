package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What former hypervisors left in a guest, and a Windows by its registry. */
@Timeout(900)
class LeftoversIT {

  private static final String UNIT = "/etc/systemd/system/hyper2kvm-firstboot.service";
  private static final String START =
      "/etc/systemd/system/multi-user.target.d/50-hyper2kvm-firstboot.conf";
  private static final String WANTS = "/etc/systemd/system/multi-user.target.wants/";

  @TempDir private Path directory;

  @Test
  void leftoversOfTwoHypervisorsAreDisabledAndRemovedAtTheFirstBoot() throws Exception {
    GuestCase guest =
        GuestCase.planned(
            "leftovers-two-hypervisors",
            directory,
            Map.of("HYPER2KVM_SOURCE_DIR", directory.toString()));

    assertThat(guest.completed()).as(() -> guest.report().toPrettyString()).isTrue();
    JsonNode found = guest.report().at("/stages/inspect");
    assertThat(found.path("guest_tools").findValuesAsText("hypervisor"))
        .containsExactly("vmware", "hyper-v");
    assertThat(found.path("guest_agent").asBoolean(true)).isFalse();
    assertThat(found.path("cloud_init").path("datasource").asText()).isEqualTo("DataSourceVMware");
    assertThat(found.path("cloud_init").path("instance").asText()).isEqualTo("iid-vm-7");

    assertThat(guest.linesAfter("/etc/fstab"))
        .contains(".host:/ /mnt/hgfs fuse.vmhgfs-fuse allow_other,nofail 0 0");
    assertThat(guest.linesAfter(WANTS + "hv-kvp-daemon.service")).containsExactly("");
    assertThat(guest.linesAfter(WANTS + "open-vm-tools.service")).isEmpty();
    assertThat(guest.linesAfter("/etc/modules-load.d/hyperv.conf")).containsExactly("# hv_utils");
    assertThat(guest.linesAfter("/etc/cloud/cloud.cfg.d/zz-hyper2kvm.cfg"))
        .containsExactly(
            "manual_cache_clean: true", "ssh_deletekeys: false", "network: {config: disabled}");
    assertThat(guest.linesAfter("/etc/hyper2kvm/remove-guest-tools")).hasSize(1);
    assertThat(guest.warnings())
        .filteredOn(warning -> warning.startsWith("/etc/hyper2kvm/remove-guest-tools"))
        .singleElement()
        .asString()
        .contains("does not run in the appliance", "first boot");

    JsonNode fixes = guest.report().at("/stages/fix/fixes_applied");
    JsonNode script = fixes.path(fixes.size() - 1);
    assertThat(script.path("fix").asText()).isEqualTo("firstboot");
    assertThat(script.path("init").asText()).isEqualTo("systemd");
    assertThat(script.path("size_bytes").asInt()).isEqualTo("#!/bin/sh\necho first\n".length());
    assertThat(script.path("changes").findValuesAsText("file"))
        .containsExactly("/etc/hyper2kvm/firstboot-script", "/etc/hyper2kvm/run-once", UNIT, START);
  }

  @Test
  @Tag("all")
  void packagesAreRemovedByTheGuestsOwnPackageManager() throws Exception {
    GuestCase guest = GuestCase.planned("leftovers-packages", directory);

    assertThat(guest.completed()).as(() -> guest.report().toPrettyString()).isTrue();
    JsonNode tools = guest.report().at("/stages/fix/fixes_applied/1");
    assertThat(tools.path("fix").asText()).isEqualTo("guest_tools");
    assertThat(tools.path("status").asText()).isEqualTo("applied");
    assertThat(tools.at("/packages_removed/0/name").asText()).isEqualTo("open-vm-tools");
    assertThat(tools.at("/packages_removed/0/version").asText()).isEqualTo("2:12.2.0-1");
    assertThat(tools.path("packages_removed")).hasSize(1);
    assertThat(guest.warnings()).noneMatch(warning -> warning.contains("tools"));
  }

  @Test
  @Tag("all")
  void aWindowsIsNamedByItsRegistryAndNotFixed() throws Exception {
    GuestCase guest = GuestCase.planned("windows-editions", directory);

    assertThat(guest.completed()).as(() -> guest.report().toPrettyString()).isTrue();
    JsonNode found = guest.report().at("/stages/inspect");
    assertThat(found.path("os").asText()).isEqualTo("windows");
    assertThat(found.path("os_detected").asText()).isEqualTo("Windows 11 Pro 23H2");
    assertThat(found.path("version").asText()).isEqualTo("10.0.22631");
    assertThat(found.path("edition").asText()).isEqualTo("Professional");
    assertThat(found.path("architecture").asText()).isEqualTo("x86_64");
    assertThat(found.path("hostname").asText()).isEqualTo("DESK-7");

    GuestCase fixed = GuestCase.planned(directory.resolve("fix.json"));
    assertThat(fixed.failureCode()).isEqualTo("GUEST_UNSUPPORTED");
    assertThat(fixed.failureMessage())
        .contains("Windows 11 Pro 23H2 (Professional, 10.0.22631, x86_64)");
  }
}
