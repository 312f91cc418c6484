package io.hyper2kvm.image.ova;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of a machine's network cards is that of their places, not that of the lines. */
class OvfCardOrderTest {

  @TempDir Path directory;

  /** Cards as {@code place/last byte of the address/connected}. */
  private static String items(String cards) {
    StringBuilder items = new StringBuilder("</Item>");
    for (String card : cards.split(" ")) {
      String[] parts = card.split("/");
      items.append("<Item>");
      if (!parts[0].equals("-")) {
        items.append("<rasd:AddressOnParent>%s</rasd:AddressOnParent>".formatted(parts[0]));
      }
      items.append("<rasd:Address>00:50:56:9a:00:%s</rasd:Address>".formatted(parts[1]));
      if (!parts[2].equals("-")) {
        items.append("<rasd:AutomaticAllocation>%s</rasd:AutomaticAllocation>".formatted(parts[2]));
      }
      items.append(
          "<rasd:InstanceID>1%s</rasd:InstanceID><rasd:ResourceType>10</rasd:ResourceType></Item>"
              .formatted(parts[1]));
    }
    return items.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "7/0a/true 8/0b/true, 0a 0b, 0",
    "8/0b/true 7/0a/true, 0a 0b, 0",
    "10/0c/true 7/0a/- 9/0b/true, 0a 0b 0c, 0",
    "8/0b/false 7/0a/true, 0a 0b!, 0",
    "-/0b/true -/0a/true, 0b 0a, 0",
    "8/0b/true -/0a/true, 0b 0a, 1",
    "7/0b/true 7/0a/true, 0b 0a, 1",
    "lots/0b/true 7/0a/true, 0b 0a, 1"
  })
  void cardsHaveTheOrderOfTheirPlaces(String written, String expected, int warnings)
      throws IOException {
    String ovf = BiosOva.BIOS;
    int card = ovf.indexOf("<rasd:ResourceType>10<");
    int start = ovf.lastIndexOf("<Item>", card);
    int end = ovf.indexOf("</Item>", card) + "</Item>".length();
    String before = ovf.substring(0, start).stripTrailing();
    String text =
        before.substring(0, before.length() - "</Item>".length())
            + items(written)
            + ovf.substring(end);
    Path source =
        Ovas.with("vm.ovf", text)
            .and("disk1.vmdk", BiosOva.VMDK)
            .tar(directory.toRealPath().resolve("x.ova"));

    try (OvaPackage ova = OvaReader.openOvf(source)) {
      List<String> order =
          ova.machine().orElseThrow().cards().stream()
              .map(c -> c.mac().orElseThrow().substring(15) + (c.connected() ? "" : "!"))
              .toList();
      assertThat(order).containsExactly(expected.split(" "));
      assertThat(ova.warnings()).hasSize(warnings);
    }
  }
}
