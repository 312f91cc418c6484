package io.hyper2kvm.image.ova.ovf;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.hardware.HardwareDisk;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of a machine's disks, whatever the order of the lines that describe them. */
class OvfOrderTest {

  /** {@code type id address model}, blanks for what is missing being {@code -}. */
  private static String controller(String words) {
    String[] c = words.split(" ");
    return "<Item>"
        + element("Address", c[2])
        + element("InstanceID", c[1])
        + element("ResourceSubType", c.length > 3 ? c[3] : "-")
        + element("ResourceType", type(c[0]))
        + "</Item>";
  }

  private static String type(String word) {
    return switch (word) {
      case "ide" -> "5";
      case "scsi" -> "6";
      default -> "20";
    };
  }

  /** {@code id parent unit}. */
  private static String disk(String words) {
    String[] d = words.split(" ");
    return "<Item>"
        + element("AddressOnParent", d[2])
        + element("HostResource", "ovf:/disk/" + d[0])
        + element("InstanceID", "disk-" + d[0])
        + element("Parent", d[1])
        + element("ResourceType", "17")
        + "</Item>";
  }

  private static String element(String name, String text) {
    return text.equals("-") ? "" : "<%s>%s</%s>".formatted(name, text, name);
  }

  private static OvfDescription read(List<String> ids, String items) {
    String files =
        ids.stream()
            .map(id -> "<File id=\"f%s\" href=\"%s.vmdk\"/>".formatted(id, id))
            .collect(Collectors.joining());
    String disks =
        ids.stream()
            .map(id -> "<Disk diskId=\"%s\" fileRef=\"f%s\"/>".formatted(id, id))
            .collect(Collectors.joining());
    String xml =
        """
        <Envelope><References>%s</References><DiskSection>%s</DiskSection>
        <VirtualSystem id="vm"><VirtualHardwareSection>
        %s
        </VirtualHardwareSection></VirtualSystem></Envelope>
        """
            .formatted(files, disks, items);
    return OvfDescription.read(xml.getBytes(StandardCharsets.UTF_8), "vm.ovf");
  }

  private static OvfDescription described(String controllers, String disks) {
    List<String> lines = List.of(disks.split("; "));
    return read(
        lines.stream().map(line -> line.substring(0, line.indexOf(' '))).toList(),
        List.of(controllers.split("; ")).stream()
                .map(OvfOrderTest::controller)
                .collect(Collectors.joining("\n"))
            + "\n"
            + lines.stream().map(OvfOrderTest::disk).collect(Collectors.joining("\n")));
  }

  private static String order(OvfDescription description) {
    return description.machine().disks().stream()
        .map(HardwareDisk::id)
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    // Units as they are, out of order, as numbers, around the adapter's own unit 7, with gaps.
    "scsi 3 0 lsilogic, a 3 0; b 3 1, a b",
    "scsi 3 0 lsilogic, a 3 0; b 3 2; c 3 1, a c b",
    "scsi 3 0 lsilogic, a 3 10; b 3 2; c 3 1, c b a",
    "scsi 3 0 VirtualSCSI, a 3 15; b 3 8; c 3 6; d 3 64, c b a d",
    "scsi 3 - -, b 3 1; a 3 0, a b",
    // Several controllers: by Address, whatever their lines and ids.
    "scsi 3 0 x; scsi 4 1 x, a 4 0; b 3 5; c 3 1, c b a",
    "scsi 3 1 x; scsi 4 0 x, a 3 0; b 4 3; c 4 0, c b a",
    "scsi 9 2 x; scsi 3 10 x; scsi 1 3 x; scsi 5 0 x, a 9 0; b 3 0; c 1 0; d 5 0, d a c b",
    // IDE: primary and secondary channel.
    "ide 3 1; ide 4 0, a 3 1; b 3 0; c 4 1; d 4 0, d c b a",
    "ide 3 0, a 3 3; b 3 1; c 3 0, c b a",
    // Kinds, as vSphere numbers its devices.
    "sata 4 0 vmware.sata.ahci; scsi 3 0 lsilogic; ide 5 0; nvme 6 0 vmware.nvme.controller, "
        + "n 6 0; s 4 0; c 3 1; b 3 0; i 5 0, i b c s n",
    "sata 5 0 AHCI, a 5 2; b 5 0; c 5 1, b c a",
    "sata 5 0 AHCI; ide 3 0 PIIX4, a 5 0; b 3 1, b a",
    "nvme 5 1 vmware.nvme.controller; nvme 6 0 vmware.nvme.controller, a 5 0; b 6 1; c 6 0, c b a",
    "sas 5 0 LsiLogicSAS; scsi 6 1 lsilogicsas, a 6 0; b 5 0, b a",
    // Not known: the lines, among those that it concerns.
    "scsi 3 0 x, a 3 1; b 3 1; c 3 0, c a b",
    "scsi 3 0 x, a 3 2; b 3 0; c 3 2; d 3 1, b d a c",
    "scsi 3 0 x, a 3 -; b 3 0, a b",
    "scsi 3 0 x, a 3 first; b 3 0, a b",
    "scsi 3 0 x; scsi 4 0 x, a 4 1; b 4 0; c 3 0, b a c",
    "scsi 3 - x; scsi 4 - x, a 4 0; b 3 1; c 3 0, a c b",
    "scsi 3 one x; scsi 4 0 x, a 3 0; b 4 0, a b",
    "scsi 3 0 x, a 3 2; b 8 0; c 3 1, a b c",
    "scsi 3 0 x, a - 2; b - 0; c - 1, b c a",
    "scsi 3 0 x, a - -; b - -, a b",
    "scsi 3 0 x; scsi 3 1 x, a 3 1; b 3 0, b a",
  })
  void disksAreInTheOrderOfTheirPlaces(String controllers, String disks, String order) {
    assertThat(order(described(controllers, disks))).isEqualTo(order);
  }

  @ParameterizedTest
  @CsvSource({
    "scsi 3 0 x, a 3 1; b 3 1, vm.ovf\\, line 5: the disk \"b\" has the place of the disk \"a\"",
    "scsi 3 0 x, a 3 x; b 3 1, vm.ovf\\, line 4: the disk's AddressOnParent \"x\" is no number",
    "scsi 3 0 x, a 3 -1; b 3 1, vm.ovf\\, line 4: the disk's AddressOnParent \"-1\" is no number",
    "scsi 3 x x, a 3 0; b 3 1, vm.ovf\\, line 3: the controller's Address \"x\" is no number",
    "scsi 3 0 x; scsi 3 1 x, a 3 0; b 3 1, vm.ovf\\, line 4: a second controller",
  })
  void aFaultInAPlaceIsToldWithItsLine(String controllers, String disks, String warning) {
    assertThat(described(controllers, disks).warnings())
        .anySatisfy(w -> assertThat(w).startsWith(warning.replace("\\", "")));
  }

  @Test
  void placesWithoutFaultMakeNoWarning() {
    assertThat(described("scsi 3 0 x; scsi 4 1 x", "a 4 0; b 3 0").warnings()).isEmpty();
  }

  @Test
  void xenServersStorageExtentsAreOrderedByDeviceNumber() {
    String extent =
        "<Item><Connection>device=%s,bootable=false,mode=RW</Connection>"
            + "<HostResource>ovf:/disk/%s</HostResource><InstanceID>%s</InstanceID>"
            + "<ResourceType>19</ResourceType></Item>\n";
    String items =
        extent.formatted("10", "a", "1")
            + extent.formatted("2", "b", "2")
            + extent.formatted("0", "c", "3");

    assertThat(order(read(List.of("a", "b", "c"), items))).isEqualTo("c b a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type=drive, bus=0, controller=0, target=0, unit=2}"
            + "|{type=drive, bus=0, controller=0, target=0, unit=1}",
        "{type=drive, bus=0, controller=1, target=0, unit=0}"
            + "|{type=drive, bus=0, controller=0, target=0, unit=1}",
        "{type=pci, slot=0x0a, bus=0x00, domain=0x0000, function=0x0}"
            + "|{type=pci, slot=0x07, bus=0x00, domain=0x0000, function=0x0}",
        "{type=pci, slot=0x00, bus=0x05, domain=0x0000, function=0x0}"
            + "|{type=pci, slot=0x00, bus=0x04, domain=0x0000, function=0x0}",
        "{type=drive, target=1, unit=0, bus=0, controller=0}"
            + "|{type=drive, target=0, unit=9, bus=0, controller=0}",
      })
  void ovirtsAddressesAreRead(String first, String second) {
    String xml =
        """
        <Envelope><References><File id="a" href="a"/><File id="b" href="b"/></References>
        <DiskSection><Disk diskId="a" fileRef="a" disk-interface="VirtIO_SCSI"/>
        <Disk diskId="b" fileRef="b" disk-interface="VirtIO_SCSI"/></DiskSection>
        <VirtualSystem id="vm"><VirtualHardwareSection>
        <Item><InstanceId>a</InstanceId><ResourceType>17</ResourceType>
        <HostResource>a/a</HostResource><Parent>0</Parent><Address>%s</Address></Item>
        <Item><InstanceId>b</InstanceId><ResourceType>17</ResourceType>
        <HostResource>b/b</HostResource><Parent>0</Parent><Address>%s</Address></Item>
        </VirtualHardwareSection></VirtualSystem></Envelope>
        """
            .formatted(first, second);

    assertThat(order(OvfDescription.read(xml.getBytes(StandardCharsets.UTF_8), "vm.ovf")))
        .isEqualTo("b a");
  }
}
