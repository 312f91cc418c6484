package io.hyper2kvm.image.ova.ovf;

import io.hyper2kvm.image.hardware.HardwareCard;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The network cards of the hardware. */
final class OvfCards {

  private final XmlElement system;
  private final List<XmlElement> items;
  private final List<String> warnings;
  private final String where;

  OvfCards(XmlElement system, List<XmlElement> items, List<String> warnings, String where) {
    this.system = system;
    this.items = items;
    this.warnings = warnings;
    this.where = where;
  }

  List<HardwareCard> read() {
    List<XmlElement> cards =
        items.stream().filter(item -> OvfItems.type(item) == OvfItems.ETHERNET).toList();
    List<String> virtualBox = virtualBoxAddresses();
    List<HardwareCard> found = new ArrayList<>();
    for (int i = 0; i < cards.size(); i++) {
      XmlElement card = cards.get(i);
      Optional<String> mac = mac(card);
      // VirtualBox has them only in its own section, where the cards stand in the same order.
      if (mac.isEmpty() && virtualBox.size() == cards.size()) {
        mac = HardwareCard.macOf(virtualBox.get(i));
      }
      found.add(
          new HardwareCard(
              mac,
              Printable.of(card.textOf("ResourceSubType").orElse("")),
              Printable.of(card.textOf("Connection").orElse("")),
              place(card),
              card.textOf("AutomaticAllocation").map(OvfItems::isTrue).orElse(true),
              OvfPlaces.slot(card)));
    }
    return inOrder(found);
  }

  /** The machine's order is that of the places; the lines may stand in another one. */
  private List<HardwareCard> inOrder(List<HardwareCard> found) {
    boolean everyPlace = found.stream().allMatch(card -> card.address().isPresent());
    if (!everyPlace) {
      if (found.stream().anyMatch(card -> card.address().isPresent())) {
        warnings.add(
            "%s: not every network card has a number as its AddressOnParent; they are taken in the order of their lines"
                .formatted(where));
      }
      return found;
    }
    List<HardwareCard> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparingInt(card -> card.address().getAsInt()));
    long places = found.stream().mapToInt(card -> card.address().getAsInt()).distinct().count();
    if (places < found.size()) {
      warnings.add(
          "%s: two network cards have the same AddressOnParent; they are taken in the order of their lines"
              .formatted(where));
    }
    return sorted;
  }

  private Optional<String> mac(XmlElement card) {
    Optional<String> written = card.textOf("MACAddress").or(() -> card.textOf("Address"));
    Optional<String> mac = written.flatMap(HardwareCard::macOf);
    if (written.isPresent() && mac.isEmpty()) {
      warnings.add(
          "%s, line %d: \"%s\" is no MAC address"
              .formatted(where, card.line(), Printable.of(written.get())));
    }
    return mac;
  }

  private List<String> virtualBoxAddresses() {
    return system.child("Machine").stream()
        .flatMap(machine -> machine.children("Hardware"))
        .flatMap(hardware -> hardware.children("Network"))
        .flatMap(network -> network.children("Adapter"))
        .filter(adapter -> adapter.attribute("enabled").filter(OvfItems::isTrue).isPresent())
        .map(adapter -> adapter.attribute("MACAddress").orElse(""))
        .toList();
  }

  private static OptionalInt place(XmlElement card) {
    return card.textOf("AddressOnParent")
        .filter(text -> text.matches("\\d{1,6}"))
        .map(text -> OptionalInt.of(Integer.parseInt(text)))
        .orElse(OptionalInt.empty());
  }
}
