package io.hyper2kvm.stage.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.stage.machine.NetworkCard;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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
          0,
          List.of(NetworkCard.any()));

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
          1,
          List.of(
              NetworkCard.withMac("00:50:56:9A:12:34"), NetworkCard.withMac("00-0c-29-3e-5f-a1")));

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
    assertThat(DomainXml.diskName(index)).isEqualTo(name);
  }

  @Test
  void aDomainThatCannotBeDoesNotExist() {
    List<DomainDisk> disks = BIOS.disks();
    assertThatThrownBy(
            () -> new DomainDefinition("x", "", 1024, 3, 2, false, false, disks, 0, List.of()))
        .hasMessage("2 cores per socket of 3 processors");
    assertThatThrownBy(
            () -> new DomainDefinition("x", "", 1024, 1, 1, false, true, disks, 0, List.of()))
        .hasMessage("Secure Boot without UEFI");
    assertThatThrownBy(
            () -> new DomainDefinition("x", "", 1024, 1, 1, false, false, List.of(), 0, List.of()))
        .hasMessage("a domain without a disk");
    assertThatThrownBy(
            () -> new DomainDefinition("x", "", 1024, 1, 1, false, false, disks, 1, List.of()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new DomainDisk(Path.of("/x"), "raw", 520))
        .hasMessage("no size of sectors: 520");
  }
}
