package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.stage.domain.DomainDefinition;
import io.hyper2kvm.stage.domain.DomainDisk;
import io.hyper2kvm.stage.domain.DomainXml;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

  private Path domain(boolean uefi, boolean secureBoot) throws IOException {
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
            1,
            List.of(
                NetworkCard.withMac("00:50:56:01:02:03"),
                NetworkCard.any(),
                NetworkCard.withMac("00:50:56:01:02:01")));
    return Files.write(directory.resolve("web.01.xml"), DomainXml.of(domain));
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "true, true"})
  void aDomainIsValid(boolean uefi, boolean secureBoot) throws Exception {
    Path domain = domain(uefi, secureBoot);

    // Its exit code is the verdict.
    RealGuest.Program.run(List.of("virt-xml-validate", domain.toString(), "domain"));
    Libvirt.assertValid(List.of(domain));
  }

  @Test
  void whatTheSchemaDoesNotKnowIsNotValid() throws Exception {
    Path domain = domain(false, false);
    Files.writeString(
        domain, Files.readString(domain).replace("<devices>", "<devices><disk type=\"floppy\"/>"));

    assertThatThrownBy(() -> Libvirt.assertValid(List.of(domain)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aDomainWithBiosHasNoOtherFirmware() throws Exception {
    assertThat(libvirt.command(domain(false, false))).doesNotContain("OVMF", "pflash");
  }

  @Test
  void uefiWithoutSecureBootChecksNoSignatures() throws Exception {
    assertThat(libvirt.command(domain(true, false)))
        .containsPattern("/OVMF_CODE(_4M)?\\.fd")
        .doesNotContain("property=secure,value=on");
  }

  @Test
  void secureBootHasAFirmwareWithKeys() throws Exception {
    assertThat(libvirt.command(domain(true, true)))
        .containsPattern("/OVMF_CODE(_4M)?\\.ms\\.fd")
        .contains("smm=on", "property=secure,value=on");
  }

  @Test
  void theMachineIsAsDescribed() throws Exception {
    String command = libvirt.command(domain(false, false));

    assertThat(command)
        .contains("q35", "-m 3000 ", "-smp 6,sockets=2,dies=1,cores=3,threads=1")
        .contains("org.qemu.guest_agent.0", "virtio-rng-pci", "isa-serial");
    assertThat(command)
        .containsSubsequence("a & <b>,c.qcow2", "/d.vdi", "/e.raw")
        .containsSubsequence("\"bootindex\":2", "\"bootindex\":1", "\"bootindex\":3")
        .containsSubsequence("00:50:56:01:02:03", "virtio-net-pci", "00:50:56:01:02:01");
  }
}
