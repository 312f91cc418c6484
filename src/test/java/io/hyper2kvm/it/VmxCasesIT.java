package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A VM's folder as VMware keeps it, through the real stages. */
class VmxCasesIT {

  @TempDir Path folder;

  @Test
  @Tag("all")
  void itsDisksSnapshotsAndSlotsTellWhatTheGuestMeans() throws Exception {
    GuestCase planned = GuestCase.planned("vmx-two-disks", folder.toRealPath());

    assertThat(planned.completed()).as(planned.report().toPrettyString()).isTrue();
    JsonNode load = planned.report().at("/stages/load");
    assertThat(load.path("artifacts").findValuesAsText("path"))
        .extracting(path -> Path.of(path).getFileName().toString())
        .containsSubsequence("gate01.vmdk", "gate01_1-000001.vmdk");
    assertThat(load.path("appliance").toString())
        .isEqualTo(
            "{\"kind\":\"folder\",\"description\":\"gate01.vmx\",\"checksums_verified\":[],\"nvram\":\"gate01.nvram\",\"snapshots\":1,\"current_snapshot\":\"fresh\"}");
    assertThat(load.at("/machine/name").asText()).isEqualTo("gate 01");
    assertThat(load.at("/machine/network_cards").findValuesAsText("network"))
        .containsExactly("bridged", "VMnet2");
    assertThat(planned.linesAfter("/etc/fstab"))
        .anySatisfy(
            line ->
                assertThat(line).startsWith("UUID=11111111-2222-4333-8444-00000000000b /srv ext4"));
    assertThat(planned.linesAfter("/etc/systemd/network/10-hyper2kvm-ens224.link"))
        .contains("OriginalName=eth0", "Name=ens224");
    assertThat(planned.linesAfter("/etc/systemd/network/10-hyper2kvm-ens192.link"))
        .contains("OriginalName=eth1", "Name=ens192");
  }
}
