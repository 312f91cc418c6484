package io.hyper2kvm.stage.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class DomainXmlTest {

  static final DomainDefinition BIOS =
      new DomainDefinition(
          "web01",
          "Not known from the source, and so a default: memory, cpus.",
          2048,
          2,
          1,
          false,
          false,
          List.of(new DomainDisk(Path.of("/out/web01-converted.qcow2"), "qcow2", 512)),
          DiskBus.VIRTIO,
          0,
          List.of(new DomainCard(Optional.empty(), DomainCard.DEFAULT, true)),
          CardModel.VIRTIO,
          "host-passthrough",
          GuestSystem.OTHER);

  static final DomainDefinition UEFI =
      new DomainDefinition(
          "db",
          "",
          16384,
          8,
          4,
          true,
          true,
          List.of(
              new DomainDisk(Path.of("/out/a & b <1>.raw"), "raw", 512),
              new DomainDisk(Path.of("/out/db-converted-disk2.vdi"), "vdi", 4096)),
          DiskBus.VIRTIO,
          1,
          List.of(
              new DomainCard(Optional.of("00:50:56:9a:12:34"), DomainCard.DEFAULT, true),
              new DomainCard(Optional.of("00:0c:29:3e:5f:a1"), DomainCard.DEFAULT, true)),
          CardModel.VIRTIO,
          "host-passthrough",
          GuestSystem.OTHER);

  private static DomainDefinition domain(
      int cpus, int cores, boolean secureBoot, List<DomainDisk> disks, int bootDisk) {
    return new DomainDefinition(
        "x",
        "",
        1024,
        cpus,
        cores,
        false,
        secureBoot,
        disks,
        DiskBus.SATA,
        bootDisk,
        List.of(),
        CardModel.E1000E,
        "host-passthrough",
        GuestSystem.OTHER);
  }

  private static Document parse(DomainDefinition domain) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(DomainXml.of(domain)));
  }

  private static String attribute(Document document, String element, int index, String name) {
    return ((Element) document.getElementsByTagName(element).item(index)).getAttribute(name);
  }

  private static String golden(String name) throws IOException {
    try (var in = DomainXmlTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({"bios.xml", "uefi.xml"})
  void theWholeTextIsAsExpected(String name) throws Exception {
    DomainDefinition domain = name.startsWith("bios") ? BIOS : UEFI;

    assertThat(new String(DomainXml.of(domain), StandardCharsets.UTF_8)).isEqualTo(golden(name));
  }

  /** Whether a text is in the domain of a bus. */
  @ParameterizedTest
  @CsvSource({
    "SATA, 'dev=\"sdb\" bus=\"sata\"', true",
    "SATA, 'machine=\"q35\"', true",
    "SATA, '<controller', false",
    "SCSI, '<controller type=\"scsi\" index=\"0\" model=\"virtio-scsi\"/>', true",
    "SCSI, 'dev=\"sdb\" bus=\"scsi\"', true",
    "SCSI, 'controller=\"0\" bus=\"0\" target=\"1\" unit=\"0\"', true",
    "IDE, 'machine=\"pc\"', true",
    "IDE, 'dev=\"hdb\" bus=\"ide\"', true",
    "VIRTIO, 'dev=\"vdb\" bus=\"virtio\"', true",
    "VIRTIO, '<address', false",
  })
  void theBusIsThatOfTheDefinition(DiskBus bus, String text, boolean there) {
    List<DomainDisk> disks = List.of(UEFI.disks().get(0), UEFI.disks().get(0));
    String xml = xml(domain(disks, bus, List.of(), CardModel.E1000E, "host-passthrough"));

    assertThat(xml.contains(text)).isEqualTo(there);
  }

  @ParameterizedTest
  @CsvSource({
    "BRIDGE, br0, 42, '<interface type=\"bridge\">', '<source bridge=\"br0\"/>'",
    "NETWORK, lan, 42, '<interface type=\"network\">', '<source network=\"lan\"/>'",
  })
  void aCardIsConnectedToWhatItIsMappedTo(
      Kind kind, String name, int vlan, String type, String source) {
    DomainCard card =
        new DomainCard(Optional.empty(), new DomainNetwork(kind, name, OptionalInt.of(vlan)), true);

    assertThat(xml(domain(BIOS.disks(), DiskBus.SATA, List.of(card), CardModel.RTL8139, "maximum")))
        .contains(type, source, "<tag id=\"42\"/>", "<model type=\"rtl8139\"/>");
  }

  @ParameterizedTest
  @CsvSource({
    "host-passthrough, '<cpu mode=\"host-passthrough\" check=\"none\">'",
    "maximum, '<cpu mode=\"maximum\" check=\"none\">'",
    "host-model, '<cpu mode=\"host-model\">'",
    "qemu64, '<cpu mode=\"custom\" match=\"exact\">'",
    "EPYC-v4, '<model fallback=\"forbid\">EPYC-v4</model>'",
  })
  void theProcessorIsThatOfTheDefinition(String cpu, String text) {
    assertThat(xml(domain(BIOS.disks(), DiskBus.SATA, List.of(), CardModel.E1000E, cpu)))
        .contains(text);
  }

  private static String xml(DomainDefinition domain) {
    return new String(DomainXml.of(domain), StandardCharsets.UTF_8);
  }

  private static DomainDefinition domain(
      List<DomainDisk> disks, DiskBus bus, List<DomainCard> cards, CardModel model, String cpu) {
    return new DomainDefinition(
        "x", "", 1024, 1, 1, false, false, disks, bus, 0, cards, model, cpu, GuestSystem.OTHER);
  }

  @Test
  void aPathWithMarkupStaysAPath() throws Exception {
    assertThat(attribute(parse(UEFI), "source", 0, "file")).isEqualTo("/out/a & b <1>.raw");
  }

  @Test
  void cardsKeepTheirAddressesAndTheirOrder() throws Exception {
    Document document = parse(UEFI);

    assertThat(attribute(document, "mac", 0, "address")).isEqualTo("00:50:56:9a:12:34");
    assertThat(attribute(document, "mac", 1, "address")).isEqualTo("00:0c:29:3e:5f:a1");
  }

  @ParameterizedTest
  @CsvSource({"0, vda", "25, vdz", "26, vdaa", "51, vdaz", "52, vdba", "701, vdzz", "702, vdaaa"})
  void disksAreCountedAsTheKernelCounts(int index, String name) {
    assertThat(DomainXml.diskName(DiskBus.VIRTIO, index)).isEqualTo(name);
  }

  @Test
  void aDomainThatCannotBeDoesNotExist() {
    List<DomainDisk> disks = BIOS.disks();
    assertThatThrownBy(() -> domain(3, 2, false, disks, 0))
        .hasMessage("2 cores per socket of 3 processors");
    assertThatThrownBy(() -> domain(1, 1, true, disks, 0)).hasMessage("Secure Boot without UEFI");
    assertThatThrownBy(() -> domain(1, 1, false, List.of(), 0))
        .hasMessage("a domain without a disk");
    assertThatThrownBy(() -> domain(1, 1, false, disks, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new DomainDisk(Path.of("/x"), "raw", 520))
        .hasMessage("no size of sectors: 520");
  }

  private static DomainDefinition of(GuestSystem system, boolean uefi) {
    return new DomainDefinition(
        "win",
        "",
        4096,
        2,
        2,
        uefi,
        false,
        UEFI.disks(),
        DiskBus.VIRTIO,
        0,
        List.of(),
        CardModel.VIRTIO,
        "host-passthrough",
        system);
  }

  @Test
  void theWholeTextOfAWindowsIsAsExpected() throws Exception {
    assertThat(
            new String(
                DomainXml.of(of(GuestSystem.WINDOWS_WITH_TPM, true)), StandardCharsets.UTF_8))
        .isEqualTo(golden("windows.xml"));
  }

  /** The system, whether it starts by UEFI, a text, and whether that is there. */
  @ParameterizedTest
  @CsvSource({
    "OTHER, true, '<hyperv', false",
    "OTHER, true, '<clock offset=\"utc\"/>', true",
    "OTHER, true, '<tpm', false",
    "WINDOWS, true, '<hyperv mode=\"custom\">', true",
    "WINDOWS, true, '<clock offset=\"localtime\">', true",
    "WINDOWS, true, 'name=\"hpet\" present=\"no\"', true",
    "WINDOWS, true, 'name=\"hypervclock\" present=\"yes\"', true",
    "WINDOWS, true, 'machine=\"q35\"', true",
    "WINDOWS, true, '<tpm', false",
    "WINDOWS_WITH_TPM, true, '<tpm model=\"tpm-crb\">', true",
    "WINDOWS_WITH_TPM, true, 'type=\"emulator\" version=\"2.0\"', true",
    "WINDOWS_WITH_TPM, false, '<tpm', false",
    "WINDOWS_WITH_TPM, false, '<hyperv', true",
  })
  void aWindowsGetsWhatItKnowsOfHyperV(
      GuestSystem system, boolean uefi, String text, boolean there) {
    assertThat(xml(of(system, uefi)).contains(text)).isEqualTo(there);
  }

  @ParameterizedTest
  @CsvSource({
    "windows, 10.0.19045, Professional, WINDOWS",
    "windows, 10.0.21999, Core, WINDOWS",
    "windows, 10.0.22000, Core, WINDOWS_WITH_TPM",
    "windows, 10.0.26100, Enterprise, WINDOWS_WITH_TPM",
    "windows, 10.0.26100, ServerStandard, WINDOWS",
    "windows, 10.0.20348, ServerDatacenter, WINDOWS",
    "windows, 6.1.7601, Ultimate, WINDOWS",
    "windows, '', '', WINDOWS",
    "windows, 10.0.9999999999, Core, WINDOWS",
    "linux, 10.0.22631, Core, OTHER",
    "unknown, '', '', OTHER",
    "null, null, null, OTHER",
  })
  void theSystemIsThatOfTheVersion(String os, String version, String edition, GuestSystem system) {
    assertThat(GuestSystem.of(os, version, edition)).isEqualTo(system);
    assertThat(GuestSystem.read(Map.of("os", os, "version", version, "edition", edition)))
        .isEqualTo(system);
  }
}
