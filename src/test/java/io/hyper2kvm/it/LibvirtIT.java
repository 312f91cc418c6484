package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork.Kind;
import io.hyper2kvm.stage.domain.DomainCard;
import io.hyper2kvm.stage.domain.DomainDefinition;
import io.hyper2kvm.stage.domain.DomainDisk;
import io.hyper2kvm.stage.domain.DomainXml;
import io.hyper2kvm.stage.domain.GuestSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What libvirt itself makes of the domains; that one boots is OneShotIT's to show. */
@Timeout(120)
class LibvirtIT {

  @TempDir private Path directory;
  private Libvirt libvirt;

  @BeforeEach
  void open() throws IOException {
    libvirt = new Libvirt();
  }

  @AfterEach
  void close() throws IOException {
    libvirt.close();
  }

  private Path domain(boolean uefi, boolean secureBoot, GuestSystem system) throws IOException {
    DomainDefinition domain =
        new DomainDefinition(
            "web.01",
            "What a guest's name may hold: <&>\"'",
            3000,
            6,
            3,
            uefi,
            secureBoot,
            List.of(
                new DomainDisk(
                    Files.createFile(directory.resolve("a & <b>,c.qcow2")), "qcow2", 512),
                new DomainDisk(Files.createFile(directory.resolve("d.vdi")), "vdi", 512),
                new DomainDisk(Files.createFile(directory.resolve("e.raw")), "raw", 4096)),
            DiskBus.VIRTIO,
            1,
            List.of(
                new DomainCard(Optional.of("00:50:56:01:02:03"), DomainCard.DEFAULT, true),
                new DomainCard(Optional.empty(), DomainCard.DEFAULT, true),
                new DomainCard(Optional.of("00:50:56:01:02:01"), DomainCard.DEFAULT, true)),
            CardModel.VIRTIO,
            "host-passthrough",
            system);
    return Files.write(directory.resolve("web.01.xml"), DomainXml.of(domain));
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, OTHER",
    "true, false, OTHER",
    "true, true, OTHER",
    "false, false, WINDOWS",
    "true, true, WINDOWS",
    "true, false, WINDOWS_WITH_TPM"
  })
  void aDomainIsValid(boolean uefi, boolean secureBoot, GuestSystem system) throws Exception {
    Path domain = domain(uefi, secureBoot, system);

    // Its exit code is the verdict.
    RealGuest.Program.run(List.of("virt-xml-validate", domain.toString(), "domain"));
    Libvirt.assertValid(List.of(domain));
  }

  @ParameterizedTest
  @CsvSource({
    "VIRTIO, VIRTIO, host-model",
    "SCSI, E1000E, maximum",
    "SATA, RTL8139, qemu64",
    "IDE, VMXNET3, EPYC-v4",
    "SATA, E1000, host-passthrough",
  })
  void everyBusModelAndProcessorIsValidAndTaken(DiskBus bus, CardModel model, String cpu)
      throws Exception {
    DomainDisk disk = new DomainDisk(Files.createFile(directory.resolve(bus + ".raw")), "raw", 512);
    DomainDefinition domain =
        new DomainDefinition(
            "other",
            "",
            1024,
            1,
            1,
            false,
            false,
            List.of(disk, disk, disk, disk),
            bus,
            1,
            List.of(
                new DomainCard(Optional.empty(), DomainCard.DEFAULT, true),
                new DomainCard(
                    Optional.empty(),
                    new DomainNetwork(Kind.BRIDGE, "br0.x", OptionalInt.of(4094)),
                    true),
                new DomainCard(
                    Optional.empty(),
                    new DomainNetwork(Kind.NETWORK, "ovs", OptionalInt.of(1)),
                    true)),
            model,
            cpu,
            GuestSystem.OTHER);
    Path xml = Files.write(directory.resolve("other.xml"), DomainXml.of(domain));
    Libvirt.assertValid(List.of(xml));

    // What libvirt makes of the disks; of bridges and VLANs only a host that has them.
    Path plain = directory.resolve("plain.xml");
    Files.writeString(
        plain,
        Files.readString(xml)
            .replaceAll("(?s)<interface.*</interface>", "")
            .replaceAll("(?s)<cpu.*</cpu>", "<cpu mode=\"host-passthrough\" check=\"none\"/>"));
    String device =
        switch (bus) {
          case VIRTIO -> "virtio-blk-pci";
          case SCSI -> "scsi-hd";
          case SATA, IDE -> "ide-hd";
        };
    assertThat(libvirt.command(plain))
        .containsSubsequence(device, device, device, device)
        .contains(bus == DiskBus.SCSI ? "virtio-scsi-pci" : device)
        .contains(bus == DiskBus.IDE ? "pc" : "q35");
  }

  /** Hyper-V's interfaces, and so a Windows, need KVM. */
  @Tag("all")
  @ParameterizedTest
  @CsvSource({
    "VIRTIO, VIRTIO, false, false, vdb",
    "VIRTIO, VIRTIO, true, false, vdb",
    "VIRTIO, VIRTIO, true, true, vdb",
    "SCSI, E1000E, false, false, sdb",
    "SCSI, VIRTIO, true, true, sdb",
    "SATA, E1000, false, false, sdb",
    "SATA, E1000E, true, true, sdb",
    "IDE, RTL8139, false, false, hdb",
    "IDE, VMXNET3, true, false, hdb",
  })
  void aDomainOfEachKindStarts(
      DiskBus bus, CardModel model, boolean uefi, boolean secureBoot, String second)
      throws Exception {
    List<DomainDisk> disks = new ArrayList<>();
    for (String format : List.of("qcow2", "raw")) {
      Path disk = directory.resolve("disk." + format);
      RealGuest.Program.run(List.of("qemu-img", "create", "-f", format, disk.toString(), "1M"));
      boolean large = bus.isVirtio() && format.equals("raw");
      disks.add(new DomainDisk(disk, format, large ? 4096 : 512));
    }
    DomainDefinition domain =
        new DomainDefinition(
            "kind",
            "",
            128,
            2,
            2,
            uefi,
            secureBoot,
            disks,
            bus,
            1,
            List.of(
                new DomainCard(Optional.of("00:50:56:01:02:03"), DomainCard.DEFAULT, true),
                new DomainCard(Optional.empty(), DomainCard.DEFAULT, false)),
            model,
            "host-passthrough",
            GuestSystem.OTHER);
    Path xml = Files.write(directory.resolve("kind.xml"), DomainXml.of(domain));

    assertThat(libvirt.start(xml, "kind")).contains("running", second);
  }

  @Test
  void aWindowsFindsHyperVAndLocalTime() throws Exception {
    assertThat(libvirt.command(domain(false, false, GuestSystem.WINDOWS)))
        .contains("hv-time=on", "hv-relaxed=on", "hv-stimer=on", "base=localtime", "q35");
  }

  @Test
  void whatTheSchemaDoesNotKnowIsNotValid() throws Exception {
    Path domain = domain(false, false, GuestSystem.OTHER);
    Files.writeString(
        domain, Files.readString(domain).replace("<devices>", "<devices><disk type=\"floppy\"/>"));

    assertThatThrownBy(() -> Libvirt.assertValid(List.of(domain)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aDomainWithBiosHasNoOtherFirmware() throws Exception {
    assertThat(libvirt.command(domain(false, false, GuestSystem.OTHER)))
        .doesNotContain("OVMF", "pflash");
  }

  @Test
  void uefiWithoutSecureBootChecksNoSignatures() throws Exception {
    assertThat(libvirt.command(domain(true, false, GuestSystem.OTHER)))
        .containsPattern("/OVMF_CODE(_4M)?\\.fd")
        .doesNotContain("property=secure,value=on");
  }

  @Test
  void secureBootHasAFirmwareWithKeys() throws Exception {
    assertThat(libvirt.command(domain(true, true, GuestSystem.OTHER)))
        .containsPattern("/OVMF_CODE(_4M)?\\.ms\\.fd")
        .contains("smm=on", "property=secure,value=on");
  }

  @Test
  void theMachineIsAsDescribed() throws Exception {
    String command = libvirt.command(domain(false, false, GuestSystem.OTHER));

    assertThat(command)
        .contains("q35", "-m 3000 ", "-smp 6,sockets=2,dies=1,cores=3,threads=1")
        .contains("org.qemu.guest_agent.0", "virtio-rng-pci", "isa-serial");
    assertThat(command)
        .containsSubsequence("a & <b>,c.qcow2", "/d.vdi", "/e.raw")
        .containsSubsequence("\"bootindex\":2", "\"bootindex\":1", "\"bootindex\":3")
        .containsSubsequence("00:50:56:01:02:03", "virtio-net-pci", "00:50:56:01:02:01");
  }
}
