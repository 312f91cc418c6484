package io.hyper2kvm.stage.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.stage.machine.VirtioProof;
import io.hyper2kvm.stage.machine.VirtioProof.Finding;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainDevicesTest {

  private static DomainDevices devices(DiskBus bus, CardModel card, boolean disk, boolean net) {
    return new DomainDevices(
        new DomainSpec(
            Optional.ofNullable(bus), Optional.ofNullable(card), Map.of(), Optional.empty()),
        new VirtioProof(
            new Finding(disk, "seen in a"), Finding.UNKNOWN, new Finding(net, "seen in b")));
  }

  /** What is asked for, what is proven, and what comes of it. */
  @ParameterizedTest
  @CsvSource({
    ",,true,true,virtio,virtio,0",
    ",,false,false,sata,e1000e,2",
    ",,true,false,virtio,e1000e,1",
    ",,false,true,sata,virtio,1",
    "SCSI,,false,false,scsi,e1000e,2",
    "SATA,RTL8139,true,true,sata,rtl8139,0",
    "VIRTIO,VIRTIO,false,false,virtio,virtio,2",
    "IDE,E1000,false,false,ide,e1000,0",
    ",VMXNET3,true,false,virtio,vmxnet3,0",
  })
  void whatIsNotAskedForFollowsTheProof(
      DiskBus bus,
      CardModel card,
      boolean disk,
      boolean net,
      String wantedBus,
      String wantedCard,
      int warnings) {
    DomainDevices devices = devices(bus, card, disk, net);

    assertThat(devices.diskBus().text()).isEqualTo(wantedBus);
    assertThat(devices.networkModel().text()).isEqualTo(wantedCard);
    assertThat(devices.warnings()).hasSize(warnings);
    assertThat(devices.json())
        .containsEntry("disk_bus", wantedBus)
        .containsEntry("network_model", wantedCard)
        .containsEntry("virtio_disk", Map.of("proven", disk, "reason", "seen in a"));
  }

  @Test
  void oneReasonIsToldOnce() {
    DomainDevices devices =
        new DomainDevices(DomainSpec.NOTHING, VirtioProof.none("the guest was not inspected"));

    assertThat(devices.warnings())
        .containsExactly(
            "the VM gets sata disks and e1000e cards instead of virtio: the guest was not"
                + " inspected; set convert.domain.disk_bus and network_model for others");
  }

  /** The bus, what is known of sata, and whether the guest may not start with it. */
  @ParameterizedTest
  @CsvSource({
    ", false, no ahci in there, true",
    ", false, '', false",
    ", false, nothing could be read, false",
    ", true, ahci is there, false",
    "SATA, false, no ahci in there, true",
    "VIRTIO, false, no ahci in there, false",
    "IDE, false, no ahci in there, false",
  })
  void disksOnSataNeedTheirDriversToo(DiskBus bus, boolean proven, String reason, boolean warned) {
    DomainDevices devices =
        new DomainDevices(
            new DomainSpec(Optional.ofNullable(bus), Optional.empty(), Map.of(), Optional.empty()),
            new VirtioProof(
                new Finding(false, "nothing could be read"),
                new Finding(proven, reason),
                new Finding(true, "seen")));

    assertThat(devices.warnings())
        .filteredOn(warning -> warning.startsWith("the guest may not start with sata disks: "))
        .hasSize(warned ? 1 : 0)
        .allSatisfy(warning -> assertThat(warning).contains(reason, "fix.initramfs"));
  }

  @ParameterizedTest
  @CsvSource({
    "SATA, 4096, 1, false, 'disk 1 has sectors of 4096 bytes, which a disk on sata cannot have'",
    "IDE, 4096, 2, false, 'disk 1 has sectors of 4096 bytes, which a disk on ide cannot have'",
    ", 4096, 1, false, 'virtio is not taken: seen in a'",
    "SCSI, 4096, 1, false, ''",
    "VIRTIO, 4096, 3, true, ''",
    "IDE, 512, 5, false, 'there are 5 disks, and ide takes 4'",
    "IDE, 512, 4, false, ''",
    "IDE, 512, 1, true, 'Secure Boot'",
    "SATA, 512, 30, true, ''",
  })
  void whatQemuCannotHaveIsRefusedWithItsReason(
      DiskBus bus, int sector, int disks, boolean secureBoot, String reason) {
    List<Integer> sectors = Collections.nCopies(disks, sector);
    Optional<String> obstacle = devices(bus, null, false, false).obstacle(sectors, secureBoot);

    assertThat(obstacle.isEmpty()).isEqualTo(reason.isEmpty());
    assertThat(obstacle.orElse("")).contains(reason);
  }
}
